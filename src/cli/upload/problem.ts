// What ends the upload command early: something a person can act on, in one sentence, with its exit code.
import { CommandProblem, EXIT } from '../command.ts'

/** The sentence is shown as it is, so it must hold no key and no presigned URL. */
export class UploadProblem extends CommandProblem {}

export function interruption(): UploadProblem {
  return new UploadProblem('Interrupted: the same command goes on where this one stopped.', EXIT.interrupted)
}

/** This command's own sentence for a full disk; any other error as it is. */
export function explainFileError(error: unknown): unknown {
  const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  return isFull ? new UploadProblem(DISK_FULL) : error
}

export const DISK_FULL =
  'No space left on the work disk: make room, or choose a folder on another disk with --work, and run the same command again.'
