// A copy of this project as it is committed and changed, for tests that run its own commands in it: what they write
// stays out of the real one.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The folder; `parts` are files and folders of the project. */
export function copyProject(parts: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lynxgate-copy-'))
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...parts]
  for (const file of execFileSync('git', list).toString().split('\0')) {
    if (file !== '') cpSync(file, join(folder, file), { recursive: true })
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return folder
}
