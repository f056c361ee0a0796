// What all commands share, and that every command does share it.
import { describe, expect, it } from 'vitest'
import { asProblem, CommandProblem, defineCommand, helpText, readFlags } from '../../src/cli/command.ts'
import { runCommandLine } from '../support/command-line.ts'

const PAINT = defineCommand({
  call: 'npm run paint',
  argument: 'WALL',
  summary: 'Paints a wall.',
  flags: {
    colour: { type: 'string', value: 'NAME', required: true, help: 'of the paint' },
    coats: { type: 'string', value: 'N', default: '2', help: 'how many' },
    skip: { type: 'string', value: 'SPOT', multiple: true, help: 'what stays as it is' },
    fast: { type: 'boolean', help: 'one coat less' },
  },
})

describe('readFlags', () => {
  it('gives every flag its value, its default, an empty list, or false', () => {
    expect(readFlags(PAINT, ['north', '--colour=red', '--skip', 'a', '--skip', 'b'])).toEqual({
      values: { colour: 'red', coats: '2', skip: ['a', 'b'], fast: false },
      positionals: ['north'],
    })
    expect(readFlags(PAINT, ['--colour=red'])).toMatchObject({ values: { skip: [] } })
  })

  it('asks for help before anything else', () => {
    expect(readFlags(PAINT, ['--help', '--coats', '3'])).toBe('help')
  })

  it.each([
    [['--color=red'], "Unknown option '--color'. See --help."],
    [['--colour'], "Option '--colour <value>' argument missing. See --help."],
    [['--colour', '--fast'], "Option '--colour' argument is ambiguous. See --help."],
    [['--colour=red', '--fast=yes'], "Option '--fast' does not take an argument. See --help."],
    [[], '--colour is missing. See --help.'],
  ])('F17: refuses %j in one sentence, as wrong use', (args, sentence) => {
    expect(() => readFlags(PAINT, args)).toThrow(expect.objectContaining({ message: sentence, exitCode: 2 }))
  })
})

describe('helpText', () => {
  it('says how the command is called, what it does, and what every flag means', () => {
    expect(helpText(PAINT)).toBe(`npm run paint -- WALL --colour NAME [--coats N] [--skip SPOT …] [--fast] [--help]

Paints a wall.
  --colour NAME  of the paint
  --coats N      how many; default 2
  --skip SPOT    what stays as it is
  --fast         one coat less
  --help         this text
Exit codes: 0 done, 1 a problem, 2 wrong use, 130 interrupted.`)
  })
})

describe('asProblem', () => {
  it('makes a sentence of what the system refuses', () => {
    const refused = Object.assign(new Error('EACCES: …'), { code: 'EACCES', syscall: 'open', path: '/home/x' })
    expect(asProblem(refused)).toEqual(new CommandProblem('This may not be read or written: /home/x'))
  })

  it('leaves a defect of the command itself alone', () => {
    expect(asProblem(new TypeError('x is not a function'))).toBeUndefined()
    expect(asProblem('boom')).toBeUndefined()
  })
})

const run = async (command: string, ...args: string[]) => await runCommandLine(command, args)

describe.each(['start', 'capacity', 'key', 'token', 'engine-import', 'make-demo', 'upload'])('%s', (command) => {
  it('F17: answers a wrong flag with one sentence and exit code 2', async () => {
    const stderr = "Unknown option '--nonsense'. See --help.\n"
    expect(await run(command, '--nonsense')).toEqual({ code: 2, stdout: '', stderr })
  })

  it('F17: explains itself in the shape of all', async () => {
    const { code, stdout, stderr } = await run(command, '--help')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^npm (start|run [a-z -]+) -- [^]+\n\n[^]+\n {2}--help +this text\n[^]*Exit codes: [^\n]+\n$/,
    )
  })
})

/** Has the first thing that every command does fail as only a defect can. */
const DEFECT = `data:text/javascript,${encodeURIComponent(
  "import util from 'node:util'; import { syncBuiltinESMExports } from 'node:module';" +
    "util.parseArgs = () => { throw new RangeError('out\\nof range') }; syncBuiltinESMExports()",
)}`

describe('a defect of a command', () => {
  const run = async (command: string, ...args: string[]) =>
    await runCommandLine(command, args, { NODE_OPTIONS: `--import=${DEFECT}` })
  const stack = expect.stringMatching(/RangeError: out\nof range\n +at /)

  it.each(['start', 'deploy', 'doctor', 'key', 'token', 'engine-import', 'make-demo', 'upload'])(
    'is one line of JSON to a program that asked %s for it, and a stack to a person',
    async (command) => {
      const error = 'The command has a defect: RangeError: out\nof range'
      const stdout = `${JSON.stringify({ ok: false, error, exit_code: 1 })}\n`
      expect(await run(command, '--json')).toEqual({ code: 1, stdout, stderr: stack })
    },
  )

  it('is a stack alone where no JSON was asked for', async () => {
    expect(await run('key')).toEqual({ code: 1, stdout: '', stderr: stack })
  })
})

describe('a command that does not exist', () => {
  it.each(['nothing', '../x', ''])('F17: %j is wrong use, in one sentence', async (command) => {
    const stderr = 'Which command? See the scripts in package.json.\n'
    expect(await run(command)).toEqual({ code: 2, stdout: '', stderr })
  })
})
