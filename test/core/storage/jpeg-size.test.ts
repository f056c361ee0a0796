import { describe, expect, it } from 'vitest'
import { assert, constantFrom, property, uint8Array } from 'fast-check'
import { jpegSize } from '../../../src/core/storage/jpeg-size.ts'

describe('jpegSize', () => {
  it.each([
    ['a progressive picture behind padding', [0xff, 0xd8, 0xff, 0xff, 0xff, 0xc2, 0, 11, 8, 1, 0, 2, 0, 1], 512, 256],
    ['a table that is no frame', [0xff, 0xd8, 0xff, 0xc4, 0, 3, 9, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 2, 1], 2, 1],
  ])('finds it of %s', (_, bytes, width, height) => {
    expect(jpegSize(Uint8Array.from(bytes))).toEqual({ width, height })
  })

  it('is undefined for anything else, and comes to an end', () => {
    const start = constantFrom([], [0xff, 0xd8], [0xff, 0xd8, 0xff, 0xe1])
    assert(
      property(start, uint8Array({ maxLength: 200 }), (head, rest) => {
        const size = jpegSize(Uint8Array.from([...head, ...rest]))
        expect(size === undefined || (size.width > 0 && size.height > 0)).toBe(true)
      }),
    )
    expect(jpegSize(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0, 1, 2]))).toBeUndefined()
    expect(jpegSize(Uint8Array.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 0, 0, 2, 1]))).toBeUndefined()
  })
})
