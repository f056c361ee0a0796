// What an interrupted upload leaves, and how the next one finds it.
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explainFileError } from '../../../src/cli/upload/problem.ts'
import { explainComplaint } from '../../../src/cli/upload/tools/tool.ts'
import { folderName, openWorkFolder } from '../../../src/cli/upload/work-files/work-folder.ts'

let root = ''
let film = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lynxgate-work-'))
  film = join(root, 'film.mp4')
  await writeFile(film, 'film')
  await utimes(film, 1, 1)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const identity = { path: '/films/a.mp4', sizeBytes: 4, modifiedMs: 1000, settings: 'x' }
const open = () => openWorkFolder(join(root, 'work'), { ...identity, path: film })

describe('folderName', () => {
  it('changes with everything that makes another film of it', () => {
    const others = [{ path: '/films/b.mp4' }, { sizeBytes: 5 }, { modifiedMs: 1001 }, { settings: 'y' }]
    const names = [identity, ...others.map((change) => ({ ...identity, ...change }))].map(folderName)
    expect(new Set(names).size).toBe(5)
    expect(folderName({ ...identity })).toBe(names[0])
  })
})

describe('openWorkFolder', () => {
  it('keeps a job for each service and user, across runs', async () => {
    const first = await open()
    const job = await first.openJob('http://a', 'u')
    await job.keep({ doneSeconds: 5, shareHash: 'h' })
    const other = await first.openJob('http://a', 'v')
    await first.close()
    const second = await open()
    expect(await second.openJob('http://a', 'u')).toMatchObject({ jobId: job.jobId, doneSeconds: 5, shareHash: 'h' })
    expect(other.jobId).not.toBe(job.jobId)
    const renewed = await (await second.openJob('http://a', 'u')).renew()
    expect(renewed).toMatchObject({ doneSeconds: undefined, shareHash: undefined })
    expect(renewed.jobId).not.toBe(job.jobId)
    await second.close()
  })

  it('removes what was half made and keeps what is whole', async () => {
    const first = await open()
    await mkdir(join(first.path, 'hls/video/720p'), { recursive: true })
    await mkdir(join(first.path, 'hls/video/480p.part-123'), { recursive: true })
    await first.close()
    const second = await open()
    expect(await readdir(join(second.path, 'hls/video'))).toEqual(['720p'])
    await second.clear()
    expect(await readdir(second.path)).not.toContain('hls')
    await second.close()
  })

  it('takes over from a run that was killed, and not from one that runs', async () => {
    const first = await open()
    await first.close()
    // No process has this number: it is above what Linux gives out.
    await writeFile(join(first.path, 'lock'), '99999999')
    const second = await open()
    await writeFile(join(second.path, 'lock'), String(process.ppid))
    await expect(open()).rejects.toThrow(`This film is being uploaded already, by process ${process.ppid}`)
    await second.close()
  })
})

describe('a full disk', () => {
  it('is explained in a sentence, wherever it occurs', () => {
    const full = /^No space left on the work disk: /
    expect(
      explainComplaint('ffmpeg', 'av_interleaved_write_frame(): No space left on device\nConversion failed!\n'),
    ).toMatch(full)
    expect(explainFileError(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toMatchObject({
      message: expect.stringMatching(full),
    })
  })

  it('is no excuse for other mistakes', () => {
    expect(explainComplaint('ffmpeg', 'a\nInvalid argument\n')).toBe('ffmpeg failed: Invalid argument')
    expect(explainFileError('boom')).toBe('boom')
  })
})
