// What was made is measured before it counts: on a full disk, after a kill, and when it was broken since.
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Film } from '../../src/cli/upload/film/film.ts'
import { fraction } from '../../src/cli/upload/picture/frame-rate.ts'
import { ladderFor, type Rung } from '../../src/core/packaging/ladder.ts'
import { DISK_FULL } from '../../src/cli/upload/problem.ts'
import { probeFilm } from '../../src/cli/upload/film/probe.ts'
import { readRendition } from '../../src/cli/upload/making/rendition.ts'
import { isWholePicture } from '../../src/cli/upload/making/stills.ts'
import { makeStream } from '../../src/cli/upload/making/stream.ts'
import { recordCalls } from '../support/recorded-calls.ts'
import { makeFilm } from '../support/upload-command.ts'
import { hasFfmpeg } from '../support/programs.ts'

const SECONDS = 12
const settings = { preset: 'ultrafast', isReproducible: true, audioKilobits: () => 64 }

let root = ''
let source = ''
let film: Film
let ladder: readonly Rung[]

beforeAll(async () => {
  if (!hasFfmpeg) return
  root = await mkdtemp(join(tmpdir(), 'lynxgate-making-'))
  source = join(root, 'film.mp4')
  makeFilm(source, { size: '854x480', seconds: SECONDS, sounds: 1 })
  film = await probeFilm(source, {})
  ladder = ladderFor({ ...film, framesPerSecond: fraction(film.frameRate) })
})
afterAll(() => rm(root, { recursive: true, force: true }))

const make = (
  folder: string,
  more: { signal?: AbortSignal; onProgress?: (label: string, done: number) => void } = {},
) => makeStream({ source, film, ladder, settings, folder, ...more })

/** Every rendition, as it is found on the disk. */
async function measure(folder: string): Promise<(number | undefined)[]> {
  const found = await readdir(join(folder, 'hls'), { recursive: true })
  const playlists = found.filter((name) => /^(?:video|audio)\/[^/]+\/index\.m3u8$/.test(name)).sort()
  const renditions = await Promise.all(playlists.map((name) => readRendition(join(folder, 'hls', name, '..'))))
  return renditions.map((rendition) => rendition && Math.round(rendition.durationSeconds))
}

const WHOLE = [SECONDS, SECONDS, SECONDS, SECONDS]

/** A small disk of its own, on systems and for users that may have one. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount()

function tryMount(): boolean {
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim()
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0
  if (isMounted) spawnSync('umount', [folder])
  spawnSync('rmdir', [folder])
  return isMounted
}

describe.skipIf(!hasFfmpeg || !canMount)('a full disk (skipped where ffmpeg or the right to mount is missing)', () => {
  let disk = ''
  beforeAll(async () => {
    disk = join(root, 'disk')
    await mkdir(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
  })
  afterAll(() => void spawnSync('umount', ['-l', disk]))

  it('F2: is said, whatever ffmpeg answers, and after room is made the same command goes on', async () => {
    await expect(make(disk)).rejects.toThrow(DISK_FULL)
    // Nothing that is not whole has the name of something whole.
    expect((await readdir(disk, { recursive: true })).filter((name) => name.endsWith('index.m3u8'))).toEqual([])
    execFileSync('mount', ['-o', 'remount,size=64m', disk])
    await make(disk)
    expect(await measure(disk)).toEqual(WHOLE)
  })
})

describe.skipIf(!hasFfmpeg)('what an earlier run left (skipped where ffmpeg is missing)', () => {
  it('F2: is made again where it is broken on the disk, and only there', async () => {
    const folder = join(root, 'broken')
    await make(folder)
    expect(await measure(folder)).toEqual(WHOLE)
    const kept = join(folder, 'hls/video/480p/segment-0.m4s')
    const { mtimeMs } = await stat(kept)
    const breakings: ((path: string) => Promise<void>)[] = [
      (path) => truncate(join(path, 'segment-1.m4s'), 1000),
      (path) => truncate(join(path, 'segment-2.m4s'), 0),
      (path) => rm(join(path, 'segment-0.m4s')),
      (path) => appendFile(join(path, 'segment-1.m4s'), 'more'),
      (path) => truncate(join(path, 'init.mp4'), 100),
      (path) => truncate(join(path, 'index.m3u8'), 150),
      async (path) => {
        const playlist = join(path, 'index.m3u8')
        await writeFile(playlist, (await readFile(playlist, 'utf8')).replace('EXTINF:4.000000', 'EXTINF:3.000000'))
      },
    ]
    for (const [i, breakOne] of breakings.entries()) {
      const rendition = join(folder, 'hls', i % 2 === 0 ? 'video/240p' : 'audio/en')
      await breakOne(rendition)
      expect(await readRendition(rendition)).toBeUndefined()
      await make(folder)
      expect(await measure(folder)).toEqual(WHOLE)
    }
    expect((await stat(kept)).mtimeMs).toBe(mtimeMs)
  })

  it('F2: takes no cut off picture for a thumbnail', async () => {
    const folder = join(root, 'broken')
    for (const name of ['thumbnail.jpg', 'hls/storyboard.jpg']) {
      const { size } = await stat(join(folder, name))
      await truncate(join(folder, name), size - 10)
      expect(await isWholePicture(join(folder, name))).toBe(false)
      await make(folder)
      expect(await isWholePicture(join(folder, name))).toBe(true)
    }
  })

  it('F41: decodes the picture once for all sizes, and goes on at the segment where it was stopped', async () => {
    const folder = join(root, 'stopped')
    const stop = new AbortController()
    const onProgress = (label: string, done: number): void => {
      if (label.includes('480p') && done > 0.5) stop.abort()
    }
    await expect(make(folder, { signal: stop.signal, onProgress })).rejects.toMatchObject({ exitCode: 130 })
    const left = (await readdir(folder, { recursive: true })).filter((name) => /240p\/segment-\d+\.m4s$/.test(name))
    expect(left.length).toBeGreaterThan(0)

    const calls = await recordCalls(root, () => make(folder).then(() => undefined))
    const encodings = calls.filter((call) => call.includes('libx264'))
    expect(encodings).toHaveLength(1)
    expect(encodings[0]?.filter((argument) => argument === 'libx264')).toHaveLength(ladder.length)
    const start = Number(/trim=start_frame=(\d+)/.exec(encodings[0]?.join(' ') ?? '')?.[1])
    expect([100, 200]).toContain(start)
    expect(await measure(folder)).toEqual(WHOLE)
    expect((await readdir(folder)).filter((name) => name.startsWith('making'))).toEqual([])

    // Not one frame is missing, doubled or broken where the two runs meet.
    for (const { name } of ladder) {
      const playlist = join(folder, 'hls/video', name, 'index.m3u8')
      const times = execFileSync('ffmpeg', ['-v', 'error', '-copyts', '-i', playlist, '-f', 'framemd5', '-'], {
        encoding: 'utf8',
      })
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => Number(line.split(',')[2]))
      const frame = (times.at(1) ?? 0) - (times.at(0) ?? 0)
      expect(times).toHaveLength(SECONDS * 25)
      expect(times.every((time, i) => time === (times[0] ?? 0) + i * frame)).toBe(true)
    }
  })
})
