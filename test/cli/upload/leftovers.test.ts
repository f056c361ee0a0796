// What failed uploads leave is listed, removed when that is asked for, and removed when it is old.
import { mkdir, mkdtemp, readdir, realpath, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepHouse } from '../../../src/cli/upload/housekeeping.ts'
import { FILM_RECORD, KEPT_DAYS, listLeftovers, removeOld } from '../../../src/cli/upload/work-files/leftovers.ts'
import { birthOf } from '../../../src/cli/process-life.ts'
import { openWorkFolder } from '../../../src/cli/upload/work-files/work-folder.ts'
import { runUpload } from '../../support/upload-command.ts'

let folder = ''
let workRoot = ''
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'lynxgate-leftovers-')))
  workRoot = join(folder, 'work')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const DAY_MS = 86_400_000

/** An upload that made so much, or a finished one, and ended. */
async function leave(name: string, madeBytes: number): Promise<string> {
  const film = join(folder, name)
  await writeFile(film, 'film')
  const work = await openWorkFolder(workRoot, { path: film, sizeBytes: 4, modifiedMs: 1, settings: '' })
  await work.openJob('http://a', 'u')
  if (madeBytes > 0) {
    await mkdir(join(work.path, 'hls/video'), { recursive: true })
    await writeFile(join(work.path, 'hls/video/0.m4s'), Buffer.alloc(madeBytes))
    await writeFile(join(work.path, 'thumbnail.jpg'), Buffer.alloc(24))
  }
  await work.close()
  return work.path
}

const clean = (file?: string) => keepHouse({ task: 'clean', file, workRoot, isJson: false })

describe('leftovers', () => {
  it('F38: are listed with film and size, newest first, and finished films are none', async () => {
    const older = await leave('a.mp4', 1000)
    await leave('b.mp4', 2000)
    await leave('finished.mp4', 0)
    await mkdir(join(workRoot, 'somebody else’s'))
    await writeFile(join(workRoot, 'somebody else’s/file'), 'x')
    await utimes(join(older, FILM_RECORD), 1_700_000_000, 1_700_000_000)
    expect(await listLeftovers(workRoot)).toMatchObject([
      { film: join(folder, 'b.mp4'), bytes: 2024, processId: undefined },
      { film: join(folder, 'a.mp4'), bytes: 1024, usedAtMs: 1_700_000_000_000 },
    ])
    const text = await keepHouse({ task: 'list', file: undefined, workRoot, isJson: false })
    expect(text).toContain(`\n  2023-11-14   1.0 kB  ${join(folder, 'a.mp4')}\n`)
  })

  it('F38: are removed when that is asked for, all or one film’s, and the job stays known', async () => {
    const a = await leave('a.mp4', 1000)
    await leave('b.mp4', 2000)
    expect(await clean(join(folder, 'a.mp4'))).toBe(`Removed 1.0 kB of ${join(folder, 'a.mp4')}.`)
    expect(await readdir(a)).toEqual([FILM_RECORD, expect.stringMatching(/^job-[0-9a-f]{32}\.json$/)])
    expect(await listLeftovers(workRoot)).toMatchObject([{ film: join(folder, 'b.mp4') }])
    expect(await clean()).toBe(`Removed 2.0 kB of ${join(folder, 'b.mp4')}.`)
    expect(await clean()).toBe('There is nothing to remove.')
  })

  it('F38: are kept while an upload works on them', async () => {
    const busy = await leave('a.mp4', 1000)
    await writeFile(join(busy, 'lock'), `${process.ppid} ${birthOf(process.ppid)}`)
    expect(await clean()).toBe(`Kept what is being uploaded: ${join(folder, 'a.mp4')}.`)
    expect(await removeOld(workRoot, Date.now() + 365 * DAY_MS)).toEqual([])
    expect(await listLeftovers(workRoot)).toMatchObject([{ bytes: 1024, processId: process.ppid }])
  })

  it('F38: are removed after a month without a try', async () => {
    const old = await leave('a.mp4', 1000)
    const now = Date.now()
    const past = new Date(now - (KEPT_DAYS + 1) * DAY_MS)
    expect(await removeOld(workRoot, now)).toEqual([])
    await utimes(join(old, FILM_RECORD), past, past)
    expect(await removeOld(workRoot, now)).toMatchObject([{ film: join(folder, 'a.mp4'), bytes: 1024 }])
    expect(await listLeftovers(workRoot)).toEqual([])
    // A try makes them new again.
    await leave('b.mp4', 1000)
    await utimes(join(old, FILM_RECORD), past, past)
    await leave('a.mp4', 1000)
    expect(await removeOld(workRoot, now)).toEqual([])
  })

  it('F38: are none where there is no folder, and those of an older version have no name', async () => {
    expect(await keepHouse({ task: 'list', file: undefined, workRoot, isJson: false })).toBe(
      `Unfinished uploads left nothing in ${workRoot}.`,
    )
    const old = await leave('a.mp4', 1000)
    await rm(join(old, FILM_RECORD))
    expect(await listLeftovers(workRoot)).toMatchObject([{ film: undefined, bytes: 1024 }])
    expect(await clean()).toBe('Removed 1.0 kB of a film.')
  })

  it('F38: are listed and removed by the command, without a key or a service', { timeout: 60_000 }, async () => {
    await leave('a.mp4', 1000)
    const env = { LYNXGATE_KEY: '', LYNXGATE_URL: 'http://localhost:1' }
    const list = await runUpload(['--list', '--json', `--work=${workRoot}`], { env })
    expect(list).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(list.stdout)).toEqual({
      ok: true,
      folder: workRoot,
      films: [{ file: join(folder, 'a.mp4'), bytes: 1024, used_at: expect.any(String), process: null }],
    })
    const cleaned = await runUpload(['--clean', '--json', `--work=${workRoot}`], { env })
    expect(JSON.parse(cleaned.stdout)).toMatchObject({ ok: true, removed: [{ bytes: 1024 }], kept: [] })
    expect(await runUpload(['--list', 'a.mp4'], { env })).toMatchObject({
      code: 2,
      stderr: '--list takes no film: it lists all of them.\n',
    })
  })
})
