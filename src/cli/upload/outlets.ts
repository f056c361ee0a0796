// Where the command writes to. Readers may go away: a pipe that closes ends no upload.
import { EXIT } from '../command.ts'

/** To be called once, before anything is written. */
export function surviveClosedPipes(): void {
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: Error) => {
    // The reader closed it and wants no more. Any other failure loses a result that is waited for.
    if ('code' in error && error.code === 'EPIPE') return
    process.exitCode = EXIT.problem
    process.stderr.write(`The result could not be written to standard output: ${error.message}\n`)
  })
}

/** The result, and nothing but results. Not by the console, which hides what went wrong. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
