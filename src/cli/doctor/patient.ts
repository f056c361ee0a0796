// What is examined: one service, where it runs, and the variables it was set up with.
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

export interface Patient {
  /** `https://host[:port]` of the service. */
  readonly url: string
  /** A deployed service, and the account's own bucket and database. */
  readonly isRemote: boolean
  /** `wrangler --persist-to` of a local service. */
  readonly dataFolder: string
  /** An `[env.NAME]` of wrangler.toml. */
  readonly environment: string | undefined
  /** A variable as the service has it; an empty one counts as unset. */
  readonly variable: (name: string) => string | undefined
}

/** Variables of a file, and over them those of this process; undefined when the file cannot be read. */
export function readVariables(path: string | undefined): Patient['variable'] | undefined {
  let file: Record<string, string | undefined> = {}
  try {
    if (path !== undefined) file = parseEnv(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
  return (name) => (process.env[name] ?? file[name] ?? '').trim() || undefined
}

/** Where wrangler is to look for the patient's database or bucket. */
export function placeArguments({ isRemote, dataFolder, environment }: Patient): string[] {
  const place = isRemote ? ['--remote'] : ['--local', '--persist-to', dataFolder]
  return environment === undefined ? place : [...place, '--env', environment]
}
