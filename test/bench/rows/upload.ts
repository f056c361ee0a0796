// The upload command's ladder: what its one decoder costs beside a plain ffmpeg that splits, and beside a decoder for
// each size.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pictureArguments, pictureInput } from '../../../src/cli/upload/film/encode.ts'
import { fraction } from '../../../src/cli/upload/picture/frame-rate.ts'
import { inputArguments } from '../../../src/cli/upload/tools/input.ts'
import { ladderFor, type Rung } from '../../../src/core/packaging/ladder.ts'
import { probeFilm } from '../../../src/cli/upload/film/probe.ts'
import type { Bench } from '../table.ts'

const ROUNDS = 2
const SECONDS = 8

export const uploadBench: Bench = {
  name: 'upload',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'lynxgate-bench-'))
    try {
      const source = join(folder, 'film.mp4')
      const picture = `testsrc2=s=1920x1080:r=30:d=${SECONDS}`
      measure(folder, [
        '-f',
        'lavfi',
        '-i',
        picture,
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-pix_fmt',
        'yuv420p',
        source,
      ])
      const film = await probeFilm(source, {})
      const ladder = ladderFor({ ...film, framesPerSecond: fraction(film.frameRate) })
      for (const { name } of ladder) mkdirSync(join(folder, name))
      const settings = { preset: 'veryfast', isReproducible: false, audioKilobits: () => 128 }
      const ours = [...inputArguments(pictureInput(source, film)), ...pictureArguments(film, ladder, settings, 0)]
      const cases: readonly (readonly [string, () => number])[] = [
        ['plain ffmpeg, one decoder, split', () => measure(folder, ['-i', source, ...plainLadder(ladder)])],
        ['lynxgate', () => measure(folder, ours)],
        [
          'plain ffmpeg, a decoder for each size',
          () => ladder.reduce((sum, rung) => sum + measure(folder, ['-i', source, ...plainLadder([rung])]), 0),
        ],
      ]
      const best = cases.map(() => Infinity)
      for (let round = 0; round < ROUNDS; round++) {
        for (const [i, [, run]] of cases.entries()) best[i] = Math.min(best[i] ?? Infinity, run())
      }
      const [plain = 1] = best
      return [
        {
          title: 'Five sizes of 8 s of 1080p30',
          note: `The least of ${ROUNDS} rounds, in seconds of processor, as ffmpeg counts its own.`,
          columns: ['ladder', 'processor, s', '× plain'],
          rows: cases.map(([name], i) => [name, best[i] ?? 0, (best[i] ?? 0) / plain]),
        },
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** The same encoder, rates and segments as people write it by hand. */
function plainLadder(ladder: readonly Rung[]): string[] {
  const parts = ladder.map((_, i) => `[p${i}]`).join('')
  const sizes = ladder.map(({ width, height }, i) => `[p${i}]scale=${width}:${height}[v${i}]`)
  const graph = [`[0:v]split=${ladder.length}${parts}`, ...sizes].join(';')
  const outputs = ladder.flatMap(({ name, profile, quality, maxKilobits }, i) => [
    ...`-map [v${i}] -c:v libx264 -preset veryfast -profile:v ${profile} -crf ${quality}`.split(' '),
    ...`-maxrate ${maxKilobits}k -bufsize ${maxKilobits * 2}k -g 60 -keyint_min 60 -sc_threshold 0 -bf 2`.split(' '),
    ...`-f hls -hls_time 4 -hls_playlist_type vod -hls_segment_type fmp4 ${name}/index.m3u8`.split(' '),
  ])
  return ['-filter_complex', graph, ...outputs]
}

/** Seconds of processor that a call of ffmpeg takes. */
function measure(folder: string, args: readonly string[]): number {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'info', '-nostats', '-nostdin', '-y', '-benchmark', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr.slice(-2000))
  const [, user, system] = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr) ?? []
  return Number(user) + Number(system)
}
