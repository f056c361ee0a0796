// Pictures and sounds of one stream promise the same target duration.
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultAudioKilobits } from '../../../src/cli/upload/film/encode.ts'
import { fraction } from '../../../src/cli/upload/picture/frame-rate.ts'
import { ladderFor } from '../../../src/core/packaging/ladder.ts'
import { probeFilm } from '../../../src/cli/upload/film/probe.ts'
import { makeStream } from '../../../src/cli/upload/making/stream.ts'
import { alignTargetDurations } from '../../../src/cli/upload/making/target-duration.ts'
import { hasFfmpeg } from '../../support/programs.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lynxgate-target-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('alignTargetDurations', () => {
  it('F39: gives each the longest, and changes nothing else', async () => {
    const write = async (name: string, target: number): Promise<string> => {
      const file = join(folder, name)
      await writeFile(file, `#EXTM3U\n#EXT-X-TARGETDURATION:${target}\n#EXTINF:3.9,\na.m4s\n`)
      return file
    }
    const files = [await write('a.m3u8', 4), await write('b.m3u8', 5), await write('c.m3u8', 3)]
    await alignTargetDurations(files)
    for (const file of files) {
      expect(await readFile(file, 'utf8')).toBe('#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:3.9,\na.m4s\n')
    }
    expect(await readdir(folder)).toEqual(['a.m3u8', 'b.m3u8', 'c.m3u8'])
  })
})

describe.skipIf(!hasFfmpeg)('a made stream (skipped where ffmpeg is missing)', () => {
  it('F39: has one target duration, though its sound lasts longer than its picture', { timeout: 60_000 }, async () => {
    const film = join(folder, 'film.mkv')
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=2', '-f', 'lavfi', '-i', 'sine=440:d=3.4']
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, '-map', '0', '-map', '1', film])
    const probed = await probeFilm(film, {})
    await makeStream({
      source: film,
      film: probed,
      ladder: ladderFor({ ...probed, framesPerSecond: fraction(probed.frameRate) }),
      settings: { preset: 'ultrafast', isReproducible: true, audioKilobits: defaultAudioKilobits },
      folder: join(folder, 'made'),
    })
    const playlists = (await readdir(join(folder, 'made'), { recursive: true })).filter((name) =>
      /(?:video|audio)\/[^/]+\/index\.m3u8$/.test(name),
    )
    const texts = await Promise.all(playlists.map((name) => readFile(join(folder, 'made', name), 'utf8')))
    expect(texts).toHaveLength(2)
    const targets = texts.map((text) => Number(/TARGETDURATION:(\d+)/.exec(text)?.[1]))
    expect(new Set(targets).size).toBe(1)
    const longest = Math.max(
      ...texts.flatMap((text) => [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, s]) => Number(s))),
    )
    expect(targets[0]).toBeGreaterThanOrEqual(Math.round(longest))
  })
})
