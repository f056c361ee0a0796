// What ends the upload command early: something a person can act on, in one sentence, with its exit code.

import { CommandProblem, EXIT } from '../command.ts'

/** The sentence is shown as it is, so it must hold no key and no presigned URL. */
export class UploadProblem extends CommandProblem {}

export function interruption(): UploadProblem {
  return new UploadProblem('Interrupted: the same command goes on where this one stopped.', EXIT.interrupted)
}

/** A sentence for what Node says about files; the error itself when it is nothing a person can act on. */
export function explainFileError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const place = 'path' in error && typeof error.path === 'string' ? `: ${error.path}` : ''
  switch (error.code) {
    case 'ENOSPC':
      return new UploadProblem(DISK_FULL)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UploadProblem(`This may not be read or written${place}`)
    default:
      return error
  }
}

export const DISK_FULL =
  'The disk is full: make room, or choose a folder on another disk with --work, and run the same command again.'
