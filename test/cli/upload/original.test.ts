// What stands for a film that cannot itself be a video's original.
import { cp, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ladderFor } from '../../../src/core/packaging/ladder.ts'
import { joinOriginal } from '../../../src/cli/upload/making/original.ts'
import { sourceInfo, filmOf, picture, sound } from '../../support/probed-film.ts'
import { probePlayback } from '../../support/upload-command.ts'
import { hasFfmpeg } from '../../support/programs.ts'

const film = filmOf(sourceInfo([picture({ width: 640, height: 360 }), sound(1, { tags: { language: 'en' } })]))
const ladder = ladderFor({ width: 640, height: 360, framesPerSecond: 24 })

describe.skipIf(!hasFfmpeg)('joinOriginal (skipped where ffmpeg is missing)', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-original-'))
    await cp('test/fixtures/demo/hls', join(folder, 'hls'), { recursive: true })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each([
    [1_000_000, 360],
    [300_000, 240],
  ])('stays below %d bytes with %d lines and the sound', async (maxBytes, lines) => {
    const file = (await joinOriginal({ folder, film, ladder }, maxBytes)) ?? ''
    expect((await stat(file)).size).toBeLessThan(maxBytes)
    const { format, streams } = await probePlayback(file)
    expect(Number(format.duration)).toBeCloseTo(24, 0)
    expect(streams.map(({ codec_type, height }) => [codec_type, height])).toEqual([
      ['video', lines],
      ['audio', undefined],
    ])
  })

  it('F37: is nothing when not even the smallest is small enough', async () => {
    expect(await joinOriginal({ folder, film, ladder }, 100_000)).toBeUndefined()
  })
})
