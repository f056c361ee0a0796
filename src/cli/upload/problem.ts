// What ends the upload command early: something a person can act on, in one sentence, with its exit code.

export const EXIT = { done: 0, problem: 1, usage: 2, interrupted: 130 } as const

/** The sentence is shown as it is, so it must hold no key and no signed address. */
export class UploadProblem extends Error {
  readonly exitCode: number

  constructor(sentence: string, exitCode: number = EXIT.problem) {
    super(sentence)
    this.name = 'UploadProblem'
    this.exitCode = exitCode
  }
}

/** The command was given wrongly. */
export function usageProblem(sentence: string): UploadProblem {
  return new UploadProblem(sentence, EXIT.usage)
}

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
