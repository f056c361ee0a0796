// A file of variables, one NAME=value a line: the only reader of such files, for deploy and doctor alike. Nothing in it
// is expanded and nothing of the environment is mixed in, so a value arrives as it stands there.
import { withLineFeeds } from '../config/pem.ts'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { CommandProblem } from './command.ts'

export type VariablesFile = ReadonlyMap<string, string>

/** An empty value counts as unset and is left out; a line that cannot be read is a CommandProblem, without its value. */
export function readVariablesFile(path: string): VariablesFile {
  return parseVariables(readFileSync(path, 'utf8'), path)
}

/**
 * `NAME=value` to the end of the line; spaces around either are not part of it. One pair of quotes around the whole
 * value is taken away, and between double quotes `\n` is a line feed. A `#` begins a comment only at a line's start.
 */
export function parseVariables(text: string, path: string): VariablesFile {
  const variables = new Map<string, string>()
  const names = new Set<string>()
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const place = `${path}, line ${index + 1}`
    const [, name, value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/s.exec(trimmed) ?? []
    if (name === undefined) throw new CommandProblem(`${place}: expected NAME=value.`)
    if (names.has(name)) throw new CommandProblem(`${place}: ${name} is set a second time.`)
    names.add(name)
    const meant = unquote(value.trim())
    if (meant === undefined) {
      throw new CommandProblem(`${place}: the quote before the value of ${name} is not closed on this line.`)
    }
    if (meant !== '') variables.set(name, meant)
  }
  return variables
}

/** Undefined: a quote that is opened and not closed, as in a PEM pasted over several lines. */
function unquote(value: string): string | undefined {
  const [quote] = value
  if (quote !== '"' && quote !== "'") return value
  if (value.length < 2 || !value.endsWith(quote)) return undefined
  const inner = value.slice(1, -1)
  return quote === '"' ? withLineFeeds(inner) : inner
}

/** Takes the file away from other users of this machine; true when that was needed. */
export function protectFile(path: string): boolean {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return false
  chmodSync(path, 0o600)
  return true
}
