// What every command shares: how its flags are read, how its help looks, and the one way it fails. Knows no command.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { keptFlags } from './npm.ts'

export const EXIT = { done: 0, problem: 1, usage: 2, interrupted: 130 } as const

/** Ends a command: shown as it is, in one line, so it holds neither a stack nor a secret. */
export class CommandProblem extends Error {
  readonly exitCode: number

  constructor(sentence: string, exitCode: number = EXIT.problem) {
    super(sentence)
    this.name = 'CommandProblem'
    this.exitCode = exitCode
  }
}

/** The command was used wrongly. */
export function usageProblem(sentence: string): CommandProblem {
  return new CommandProblem(sentence, EXIT.usage)
}

export interface Flag {
  readonly type: 'string' | 'boolean'
  /** May be given several times. */
  readonly multiple?: true
  readonly required?: true
  readonly default?: string
  /** What follows it, as the help names it: `ID`. */
  readonly value?: string
  readonly help: string
}

export type Flags = Readonly<Record<string, Flag>>

export interface Command<F extends Flags = Flags> {
  /** How it is called: `npm run key`. */
  readonly call: string
  readonly summary: string
  readonly flags: F
  /** The argument that is not a flag, as the help names it; without it there is none. */
  readonly argument?: string
  /** What the help says below the flags. */
  readonly notes?: string
}

type Value<F extends Flag> = F extends { type: 'boolean' }
  ? boolean
  : F extends { multiple: true }
    ? readonly string[]
    : F extends { default: string } | { required: true }
      ? string
      : string | undefined

export type Values<F extends Flags> = { readonly [Name in keyof F]: Value<F[Name]> }

/** Keeps what TypeScript knows of each flag. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command
}

/** A flag that npm kept never reaches the command, which must not act as if it had not been given. */
export function refuseKeptFlags(command: Command, environment: Readonly<Record<string, string | undefined>>): void {
  const kept = keptFlags(command.call, Object.keys(command.flags), environment)
  if (kept.length === 0) return
  const flags = kept.map((name) => `--${name}`).join(' ')
  throw usageProblem(`npm kept ${flags} for itself: put -- before it, as in "${command.call} -- ${flags}".`)
}

/** Flags and arguments by name, `'help'` when that was asked for; a CommandProblem when they are wrong. */
export function readFlags<F extends Flags>(
  command: Command<F>,
  args: readonly string[],
): { readonly values: Values<F>; readonly positionals: readonly string[] } | 'help' {
  const { values, positionals } = parse(command, args)
  if (values['help'] === true) return 'help'
  for (const [name, flag] of Object.entries(command.flags)) {
    values[name] ??= flag.type === 'boolean' ? false : flag.multiple ? [] : flag.default
    if (flag.required && values[name] === undefined) throw usageProblem(`--${name} is missing. See --help.`)
  }
  return { values: values as Values<F>, positionals }
}

function parse(command: Command, args: readonly string[]) {
  const options = Object.entries(command.flags).map(([name, { type, multiple = false }]) => [name, { type, multiple }])
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: command.argument !== undefined,
      options: { ...Object.fromEntries(options), help: { type: 'boolean' } },
    })
    return { values: { ...values } as Record<string, unknown>, positionals }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    // Node's first sentence says what is wrong; those that follow are advice for its own authors.
    throw usageProblem(`${error.message.split(/\.\s/)[0]?.replace(/\.$/, '') ?? ''}. See --help.`)
  }
}

const HELP_WIDTH = 110

/** The same shape for every command: how it is called, what it does, each flag, exit codes. */
export function helpText(command: Command): string {
  const flags = Object.entries(command.flags)
  const usage = flags.map(([name, flag]) => {
    const text = `${spell(name, flag)}${flag.multiple ? ' …' : ''}`
    return flag.required ? text : `[${text}]`
  })
  const rows = [...flags.map(([name, flag]) => [spell(name, flag), explain(flag)]), ['--help', 'this text']]
  const width = Math.max(...rows.map(([text = '']) => text.length))
  const indent = ' '.repeat(width + 4)
  return [
    wrap([`${command.call} --`, ...(command.argument === undefined ? [] : [command.argument]), ...usage, '[--help]']),
    '',
    command.summary,
    ...rows.map(([text = '', meaning = '']) => `  ${text.padEnd(width)}  ${meaning.replaceAll('\n', `\n${indent}`)}`),
    ...(command.notes === undefined ? [] : [command.notes]),
    'Exit codes: 0 done, 1 a problem, 2 wrong use, 130 interrupted.',
  ].join('\n')
}

function spell(name: string, { type, value = 'TEXT' }: Flag): string {
  return type === 'boolean' ? `--${name}` : `--${name} ${value}`
}

function explain(flag: Flag): string {
  return flag.default === undefined ? flag.help : `${flag.help}; default ${flag.default}`
}

function wrap(words: readonly string[]): string {
  const lines = ['']
  for (const word of words) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + 1 + word.length > HELP_WIDTH) lines.push(`    ${word}`)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}

/** The whole life of a command: `main` answers with an exit code if it is not 0, and throws a CommandProblem. */
export async function runCommand<F extends Flags>(
  command: Command<F>,
  main: (values: Values<F>, positionals: readonly string[]) => Promise<number | void>,
): Promise<void> {
  reportDefects()
  try {
    refuseKeptFlags(command, process.env)
    const read = readFlags(command, process.argv.slice(2))
    if (read === 'help') console.log(helpText(command))
    else process.exitCode = (await main(read.values, read.positionals)) ?? EXIT.done
  } catch (error) {
    const problem = asProblem(error)
    if (problem === undefined) throw error
    console.error(problem.message)
    process.exitCode = problem.exitCode
  }
}

/** The line of JSON on standard output for a program that asked with `--json`: what a person is told, on one line. */
export function problemJson(sentence: string, exitCode: number): string {
  return JSON.stringify({ ok: false, error: sentence, exit_code: exitCode })
}

/**
 * Has a program that asked with `--json` told of a defect of the command itself too, wherever it is thrown; its stack
 * goes to standard error and the exit code is 1, as without the flag. To be called first.
 */
export function reportDefects(): void {
  if (!process.argv.includes('--json')) return
  process.once('uncaughtExceptionMonitor', (error) => {
    process.stdout.write(`${problemJson(`The command has a defect: ${String(error)}`, EXIT.problem)}\n`)
  })
}

/** What to tell the person at the terminal; undefined for a defect of the command itself, whose stack is of use. */
export function asProblem(error: unknown): CommandProblem | undefined {
  if (error instanceof CommandProblem) return error
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? `: ${resolve(error.path)}` : ''
  const reason = FILE_REASONS[String(error.code)]
  return new CommandProblem(reason === undefined ? error.message : `${reason}${path}`)
}

const FILE_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'This may not be read or written',
  EPERM: 'This may not be read or written',
  EROFS: 'This is on a read-only disk',
  ENOSPC: 'The disk is full',
  ENOENT: 'This file or folder does not exist',
  ENOTDIR: 'A file stands where a folder is needed',
  EISDIR: 'A folder stands where a file is needed',
}
