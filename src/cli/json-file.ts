// Small JSON files that the commands keep for the next run.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { isRecord, parseJson } from '../core/json.ts'

/** Undefined when the file is not there or holds no JSON object. */
export async function readJsonFile(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const value = parseJson(await readFile(file, 'utf8').catch(() => ''))
  return isRecord(value) ? value : undefined
}

/** Whole or not at all, and for this user alone. */
export async function writeJsonFile(file: string, value: object): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
