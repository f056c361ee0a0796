// What a file says of its colours → filters that make BT.709 of them.
import { describe, expect, it } from 'vitest'
import { decideColour } from '../../../src/cli/upload/picture/colour.ts'
import type { ProbedStream } from '../../../src/cli/upload/probe/probed.ts'
import { picture } from '../../support/probed-film.ts'

const abilities = { decoders: new Set<string>(), filters: new Set(['zscale', 'tonemap']), hasInputFilters: true }
const decide = (more: Partial<ProbedStream>, can = abilities) => {
  const colour = decideColour(picture(more), can)
  if ('refusal' in colour) throw new Error(colour.refusal)
  return colour
}

describe('decideColour', () => {
  it.each<[string, Partial<ProbedStream>, string, string | undefined]>([
    ['HD that says so', {}, 'in_color_matrix=bt709:in_range=tv', undefined],
    ['HD that says nothing', { color_space: 'unknown' }, 'in_color_matrix=bt709', undefined],
    [
      'SD that says nothing',
      { color_space: 'unknown', height: 480 },
      'in_color_matrix=bt601',
      'BT.601 colours become BT.709',
    ],
    ['PAL', { color_space: 'bt470bg' }, 'in_color_matrix=bt601', 'BT.601 colours become BT.709'],
    ['full range by its format', { pix_fmt: 'yuvj420p' }, 'in_range=pc', 'full range become BT.709'],
    ['full range by its tag', { color_range: 'pc' }, 'in_range=pc', 'full range become BT.709'],
    ['grey in limited range', { pix_fmt: 'gray', color_range: 'tv' }, 'in_range=tv', undefined],
    ['RGB', { pix_fmt: 'gbrp', color_space: 'gbr' }, 'out_color_matrix=bt709:out_range=tv', 'RGB becomes BT.709'],
    ['a palette', { pix_fmt: 'pal8' }, 'out_color_matrix=bt709:out_range=tv', 'RGB becomes BT.709'],
  ])('F35: converts and tags %s', (_, more, scaling, note) => {
    const colour = decide(more)
    expect(colour.scaling).toContain(scaling)
    expect(colour.note).toBe(note)
    expect(colour.filters.at(-1)).toBe('setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv')
  })

  it('F35: rewrites reserved tags where ffmpeg would stop at them', () => {
    const reserved = { color_space: 'reserved', color_primaries: 'reserved', color_transfer: 'reserved' }
    expect(decide(reserved).repair).toMatch(/^h264_metadata=/)
    expect(decide(reserved, { ...abilities, hasInputFilters: false }).repair).toBeUndefined()
    expect(decide({}).repair).toBeUndefined()
  })

  it.each([
    ['smpte2084', 'PQ'],
    ['arib-std-b67', 'HLG'],
  ])('F44: tone-maps %s', (transfer, name) => {
    const colour = decide({ color_transfer: transfer, color_primaries: 'bt2020', color_space: 'bt2020nc' })
    expect(colour.note).toBe(`HDR (${name}) becomes SDR (BT.709)`)
    expect(colour.filters.join()).toMatch(
      new RegExp(
        `^zscale=pin=bt2020:tin=${transfer}:min=2020_ncl:rin=limited:t=linear.*tonemap=.*format=yuv420p,setparams`,
      ),
    )
  })

  it('F44: says politely what is missing', () => {
    const poor = { ...abilities, filters: new Set(['zscale']) }
    expect(decideColour(picture({ color_transfer: 'smpte2084' }), poor)).toEqual({
      refusal: expect.stringMatching(/HDR \(PQ\), and this ffmpeg lacks the filters for it \(tonemap\): install/),
    })
    const none = { ...abilities, filters: new Set<string>() }
    expect(decideColour(picture({ color_primaries: 'bt2020' }), none)).toHaveProperty('refusal')
  })
})
