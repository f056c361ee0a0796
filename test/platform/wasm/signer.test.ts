// The WebAssembly signer against the plain one in core: whatever the text, the same bytes.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.ts'
import { hmacKey } from '../../../src/core/sha256.ts'
import { signTextPlainly, type Edit, type UnsignedText, type UrlFrame } from '../../../src/core/sigv4/signed-text.ts'
import { signText as sign } from '../../../src/platform/wasm/signer.ts'

const FRAME: UrlFrame = {
  start: 'https://storage.example.com/media/users/u/hls/j/',
  end: '?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=',
  head: 'GET\n/media/users/u/hls/j/',
  tail: '\nX-Amz-Algorithm=AWS4-HMAC-SHA256\nhost:storage.example.com\n\nhost\nUNSIGNED-PAYLOAD',
  stringToSignHead: 'AWS4-HMAC-SHA256\n20261121T120000Z\n20261121/auto/s3/aws4_request\n',
  key: hmacKey(utf8('a key of a day')),
}

/** One line a leaf, each URL in the place of its dot. */
function listOf(names: readonly string[], frame: Partial<UrlFrame> = {}): UnsignedText {
  const lines = names.map((_, index) => `#EXTINF:4.5,${index}\n.\n`)
  const edits: Edit[] = []
  let position = 0
  for (const [leaf, line] of lines.entries()) {
    edits.push({ start: position + line.length - 2, end: position + line.length - 1, leaf, text: '' })
    position += line.length
  }
  return {
    text: lines.join(''),
    edits,
    names,
    groups: [{ frame: { ...FRAME, ...frame }, leaves: names.map((_, leaf) => leaf) }],
  }
}

function decode(chunks: Iterable<Uint8Array>): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return Array.from(chunks, (chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
}

function expectPlain(unsigned: UnsignedText): void {
  const expected = decode(signTextPlainly(unsigned))
  const actual = decode(sign(unsigned))
  // A whole film in a failed comparison would bury the first difference.
  if (actual !== expected) {
    let at = 0
    while (actual[at] === expected[at]) at++
    expect(actual.slice(Math.max(0, at - 40), at + 80)).toBe(expected.slice(Math.max(0, at - 40), at + 80))
  }
  expect(actual.length).toBe(expected.length)
}

function text(length: number): string {
  return 'abcdefghijklmnopqrstuvwxyz0123456789-'.repeat(Math.ceil(length / 37)).slice(0, length)
}

describe('signText', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('signs %i names', (count) => {
    expectPlain(listOf(Array.from({ length: count }, (_, index) => `segment-${1000 + index}.ts`)))
  })

  it('signs 10,000 names', () => {
    expectPlain(listOf(Array.from({ length: 10_000 }, (_, index) => `segment-${index}.ts`)))
  })

  it('signs names of every length from 0 to 300, four of each', () => {
    expectPlain(listOf(Array.from({ length: 1204 }, (_, index) => text(index >> 2) + (index % 4))))
  })

  it('signs one name of each length, so that no byte of a longer one stays behind', () => {
    expectPlain(listOf(Array.from({ length: 301 }, (_, index) => text(300 - index))))
  })

  it('signs with heads of every length across two blocks', () => {
    for (let length = 0; length <= 130; length++)
      expectPlain(listOf(['a', '', 'abcde', 'b', 'c'], { head: text(length) }))
  })

  it('signs with tails of every length across three blocks', () => {
    for (let length = 0; length <= 200; length++) expectPlain(listOf(['a', text(60), 'b', 'c'], { tail: text(length) }))
  })

  it('signs with strings to sign of every length across two blocks, as regions differ', () => {
    for (let length = 0; length <= 130; length++) {
      expectPlain(listOf(['a', 'b', 'c', 'dd', 'e'], { stringToSignHead: text(length) }))
    }
  })

  it('signs what exceeds the room of the instance', () => {
    expectPlain(listOf(['a', text(4096), text(4097), 'b', text(9000)]))
    expectPlain(listOf(['a', 'b', 'c', 'd'], { tail: text(8192) }))
    expectPlain(listOf(['a', 'b', 'c', 'd'], { tail: text(8193) }))
    expectPlain(listOf(['a', 'b', 'c', 'd'], { head: text(20_000), stringToSignHead: text(20_000), start: text(9000) }))
  })

  it('prints texts longer than a chunk, and gaps longer than that', () => {
    expectPlain(listOf(Array.from({ length: 9000 }, (_, index) => `${index}${text(99)}`)))
    const long = `${text(1024 * 1024 + 13)}é.${text(2 * 1024 * 1024)}`
    const start = long.indexOf('.')
    const edits = [{ start, end: start + 1, leaf: 0, text: 'behind' }]
    expectPlain({ ...listOf(['a', 'b', 'c']), text: long, edits })
    const ascii = long.replace('é', 'e')
    expectPlain({ ...listOf(['a', 'b', 'c']), text: ascii, edits })
  })

  it('gives two texts in a row what each would get alone', () => {
    const first = listOf(['a', 'b', 'c', 'd', 'ee'])
    const before = decode(sign(first))
    sign(listOf(Array.from({ length: 50_000 }, (_, index) => `${index}`)))
    expect(decode(sign(first))).toBe(before)
  })

  it('refuses an edit whose leaf has no URL, as the plain signer does', () => {
    const broken = { ...listOf(['a', 'b', 'c', 'd']), edits: [{ start: 0, end: 0, leaf: 4, text: '' }] }
    expect(() => sign(broken)).toThrow(TypeError)
    expect(() => signTextPlainly(broken)).toThrow(TypeError)
  })

  it('gives the same bytes as the plain signer for any key, region, names, groups and text', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9._~-]{0,24}$/),
      fc.stringMatching(/^[a-z]{1,6}(\/[a-z%]{1,9}){0,3}$/),
      fc.integer({ min: 0, max: 400 }).map(text),
    )
    const side = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 0, max: 300 }).map(text))
    const frame = fc.record({
      start: side,
      end: side,
      head: side,
      tail: side,
      stringToSignHead: side,
      key: fc.uint8Array({ maxLength: 100 }).map(hmacKey),
    })
    const edit = fc.record({
      gap: fc.string({ unit: 'grapheme', maxLength: 30 }),
      replaced: fc.string({ unit: 'grapheme', maxLength: 5 }),
      leaf: fc.option(fc.nat(), { nil: undefined }),
      text: fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 20 })),
    })
    const isAscii = fc.boolean()
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 40 }),
        fc.array(frame, { minLength: 1, maxLength: 3 }),
        fc.array(edit, { maxLength: 40 }),
        fc.array(fc.nat(2), { minLength: 40, maxLength: 40 }),
        isAscii,
        (names, frames, drawn, choices, ascii) => {
          const strip = (value: string): string => (ascii ? value.replace(/[^\0-\x7f]/g, '') : value)
          let whole = ''
          const edits: Edit[] = drawn.map(({ gap, replaced, leaf, text }) => {
            whole += strip(gap)
            const start = whole.length
            whole += strip(replaced)
            const hasLeaf = leaf !== undefined && names.length > 0
            return { start, end: whole.length, leaf: hasLeaf ? leaf % names.length : undefined, text: strip(text) }
          })
          const groups = frames.map((own, group) => ({
            frame: own,
            leaves: names.flatMap((_, leaf) => ((choices[leaf] ?? 0) % frames.length === group ? [leaf] : [])),
          }))
          expectPlain({ text: `${whole}end`, edits, names, groups })
        },
      ),
      { numRuns: 500 },
    )
  })
})
