// What is examined: one service, where it runs, and the variables it was set up with.
import { usageProblem } from '../command.ts'
import { readVariablesFile, type VariablesFile } from '../variables-file.ts'

export interface Patient {
  /** `https://host[:port]` of the service. */
  readonly url: string
  /** A deployed service, and the account's own bucket and database. */
  readonly isRemote: boolean
  /** `wrangler --persist-to` of a local service. */
  readonly dataFolder: string
  /** An `[env.NAME]` of wrangler.toml. */
  readonly environment: string | undefined
  /** The bucket that the configuration binds as MEDIA. */
  readonly bucket: string
  /** Those of the file, and nothing that this terminal exports: the service does not have that either. */
  readonly variables: VariablesFile
}

/** An empty variable counts as unset, as for the service. */
export function variableOf({ variables }: Pick<Patient, 'variables'>, name: string): string | undefined {
  return variables.get(name)?.trim() || undefined
}

export function readVariables(path: string): VariablesFile {
  try {
    return readVariablesFile(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw usageProblem(`${path} cannot be read: start the service once, or give --env-file.`)
  }
}

/** Where wrangler is to look for the patient's database or bucket. */
export function placeArguments({ isRemote, dataFolder, environment }: Patient): string[] {
  const place = isRemote ? ['--remote'] : ['--local', '--persist-to', dataFolder]
  return environment === undefined ? place : [...place, '--env', environment]
}
