// Files and folders the command was given, and cannot use: each is said as what it is.
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFile } from '../../../src/cli/upload/probe/source-file.ts'
import { openWorkFolder } from '../../../src/cli/upload/work-files/work-folder.ts'
import { withoutRights } from '../../support/other-user.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lynxgate-source-'))
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'film.mp4'), 'film')
  await writeFile(join(folder, 'secret.mp4'), 'film', { mode: 0o000 })
  await mkdir(join(folder, 'closed'), { mode: 0o000 })
  await mkdir(join(folder, 'read only'), { mode: 0o555 })
  await mkdir(join(folder, 'open'), { mode: 0o777 })
  await chmod(join(folder, 'open'), 0o777)
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling.mp4'))
})
afterAll(async () => {
  await chmod(join(folder, 'closed'), 0o700)
  await rm(folder, { recursive: true, force: true })
})

describe('findFile', () => {
  it('tells size and time', async () => {
    expect(await findFile(join(folder, 'film.mp4'))).toEqual({ sizeBytes: 4, modifiedMs: expect.any(Number) })
  })

  it.each([
    ['nothing', 'missing.mp4', 2, /^There is no file .*missing\.mp4$/],
    ['a file for a folder', 'film.mp4/a.mp4', 2, /^There is no file /],
    ['a link to nothing', 'dangling.mp4', 2, /^There is no file /],
    ['a folder', 'open', 2, / is a folder, not a film\.$/],
    ['a file it may not read', 'secret.mp4', 1, /^This user may not read .*secret\.mp4$/],
    ['a folder it may not look into', 'closed/film.mp4', 1, /^This user may not read .*film\.mp4$/],
  ])('F38: says in one sentence: %s', async (_, name, exitCode, message) => {
    await expect(withoutRights(() => findFile(join(folder, name)))).rejects.toMatchObject({
      exitCode,
      message: expect.stringMatching(message),
    })
  })
})

describe('openWorkFolder', () => {
  const open = (root: string) =>
    withoutRights(async () => {
      const identity = { path: join(folder, 'film.mp4'), sizeBytes: 4, modifiedMs: 1, settings: '' }
      return await openWorkFolder(join(folder, root), identity)
    })

  it.each([
    ['a file', 'film.mp4', 2, /film\.mp4 is not a folder: name one with --work/],
    ['a folder below a file', 'film.mp4/work', 2, /work is not a folder: name one with --work/],
    ['a folder it may not write in', 'read only', 1, /^This user may not write in .*read only: name another/],
    ['a folder below such a one', 'read only/work', 1, /^This user may not write in .*work: name another/],
  ])('F38: says in one sentence that it is %s', async (_, root, exitCode, message) => {
    await expect(open(root)).rejects.toMatchObject({ exitCode, message: expect.stringMatching(message) })
  })

  it('makes a folder that is not there', async () => {
    const work = await open('open/a/b')
    expect(work.path.startsWith(join(folder, 'open/a/b'))).toBe(true)
    await work.close()
  })
})
