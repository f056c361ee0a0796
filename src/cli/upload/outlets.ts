// Where the command writes to. Readers may go away: a pipe that closes ends no upload.
import { EXIT } from '../command.ts'

/** To be called once, before anything is written. */
export function surviveClosedPipes(): void {
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: Error) => {
    // Whoever closed it wants no more of it. Anything else loses a result that somebody waits for.
    if ('code' in error && error.code === 'EPIPE') return
    process.exitCode = EXIT.problem
    process.stderr.write(`The result could not be written to standard output: ${error.message}\n`)
  })
}

/** The result, and nothing but results. Not by the console, which hides what went wrong. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
