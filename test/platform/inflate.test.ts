import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.ts'
import { inflate } from '../../src/platform/inflate.ts'
import { deflated } from '../support/deflated.ts'

const TEXT = utf8('#EXTM3U\n'.repeat(1000))
const MAX = 64 * 1024

describe('inflate', () => {
  it.each([
    ['gzip', 'gzip'],
    ['deflate', 'deflate'],
  ] as const)('F26: undoes %s', async (coding, format) => {
    expect(await inflate(await deflated(TEXT, format), [coding], MAX)).toEqual(TEXT)
  })

  it('F26: undoes two codings, the last first', async () => {
    const twice = await deflated(await deflated(TEXT, 'deflate'), 'gzip')
    expect(await inflate(twice, ['deflate', 'gzip'], MAX)).toEqual(TEXT)
    expect(await inflate(twice, ['gzip', 'deflate'], MAX)).toBe('undecodable')
    expect(await inflate(twice, ['deflate', 'gzip', 'gzip'], MAX)).toBe('undecodable')
  })

  it('F26: leaves bytes alone that have no coding', async () => {
    expect(await inflate(TEXT, [], MAX)).toEqual(TEXT)
  })

  it('F26: takes exactly as much as it may', async () => {
    const zeros = await deflated(new Uint8Array(MAX), 'gzip')
    expect(await inflate(zeros, ['gzip'], MAX)).toEqual(new Uint8Array(MAX))
    expect(await inflate(zeros, ['gzip'], MAX - 1)).toBe('too_large')
  })

  it('F26: gives up a bomb after its first pieces', async () => {
    const bomb = await deflated(new Uint8Array(128 * 1024 * 1024), 'gzip')
    expect(bomb.byteLength).toBeLessThan(140_000)
    // Were all of it inflated, what follows the first pieces would be found broken.
    bomb.fill(0xff, 20_000)
    expect(await inflate(bomb, ['gzip'], MAX)).toBe('too_large')
  })

  it.each([
    ['nothing', async () => new Uint8Array()],
    ['plain text', async () => TEXT],
    ['half of it', async () => (await deflated(TEXT, 'gzip')).slice(0, 40)],
    ['more than it', async () => new Uint8Array([...(await deflated(TEXT, 'gzip')), 0, 0])],
  ])('F26: does not take %s for gzip', async (_name, bytes) => {
    expect(await inflate(await bytes(), ['gzip'], MAX)).toBe('undecodable')
  })

  it.each(['br', 'zstd', 'compress', 'constructor'])('F26: does not know %s', async (coding) => {
    expect(await inflate(TEXT, [coding], MAX)).toBe('undecodable')
  })
})
