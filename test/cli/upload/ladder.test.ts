// Which sizes a film is made in.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ladderFor } from '../../../src/core/packaging/ladder.ts'

const sizes = (width: number, height: number): string[] =>
  ladderFor({ width, height, framesPerSecond: 25 }).map((rung) => `${rung.name} ${rung.width}x${rung.height}`)

describe('ladderFor', () => {
  it.each<[string, number, number, string[]]>([
    [
      '4K begins at 1080p',
      3840,
      2160,
      ['1080p 1920x1080', '720p 1280x720', '480p 852x480', '360p 640x360', '240p 426x240'],
    ],
    ['1080p', 1920, 1080, ['1080p 1920x1080', '720p 1280x720', '480p 852x480', '360p 640x360', '240p 426x240']],
    ['upright', 1080, 1920, ['1080p 1080x1920', '720p 720x1280', '480p 480x852', '360p 360x640', '240p 240x426']],
    ['between two steps', 1024, 576, ['576p 1024x576', '480p 852x480', '360p 640x360', '240p 426x240']],
    ['hardly above a step', 888, 500, ['500p 888x500', '360p 638x360', '240p 426x240']],
    ['below all steps', 160, 120, ['120p 160x120']],
    ['odd sides', 321, 241, ['240p 320x240']],
  ])('%s', (_, width, height, expected) => expect(sizes(width, height)).toEqual(expected))

  it('never scales up, has even sides, keeps the shape, and gets smaller and slower from rung to rung', () => {
    const side = fc.integer({ min: 16, max: 8192 })
    fc.assert(
      fc.property(side, side, (width, height) => {
        const rungs = ladderFor({ width, height, framesPerSecond: 25 })
        for (const [i, rung] of rungs.entries()) {
          expect(rung.width % 2 || rung.height % 2).toBe(0)
          expect(rung.width <= width && rung.height <= height).toBe(true)
          const scale = Math.max(rung.width / width, rung.height / height)
          expect(Math.abs(width * scale - rung.width)).toBeLessThanOrEqual(2 + (2 * width) / height)
          const next = rungs[i + 1]
          if (next)
            expect(next.width * next.height < rung.width * rung.height && next.maxKilobits <= rung.maxKilobits).toBe(
              true,
            )
        }
        expect(new Set(rungs.map(({ name }) => name)).size).toBe(rungs.length)
      }),
    )
  })

  it('gives fast films half as many bits again', () => {
    const [at25, at60] = [25, 60].map((framesPerSecond) => ladderFor({ width: 1280, height: 720, framesPerSecond })[0])
    expect([at25?.maxKilobits, at60?.maxKilobits]).toEqual([3000, 4500])
  })
})
