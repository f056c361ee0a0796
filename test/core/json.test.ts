import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_JSON_DEPTH, parseJson, scanJson } from '../../src/core/json.ts'

const TAKEN = { ok: true, shape: { containers: 0, members: 0 } }
const REFUSED = { ok: false, reason: 'not_json' }

/** What the language's own parser says. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

describe('scanJson', () => {
  it.each(['null', ' true\r\n', '\tfalse ', '0', '-0', '1e400', '12345678901234567890', '-1.5E+07', '""', '"\\ud800"'])(
    'F3: takes %j',
    (text) => {
      expect(scanJson(text, 0)).toEqual(TAKEN)
    },
  )

  it.each([
    '',
    ' ',
    'nul',
    'nullx',
    'True',
    'NaN',
    'Infinity',
    'undefined',
    '01',
    '-',
    '+1',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x1',
    '1 2',
    "'a'",
    '"a',
    '"\t"',
    '"\u0000"',
    '"\\x"',
    '"\\u00g0"',
    '"\\u12"',
    '"\\',
    '[',
    ']',
    '[]]',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[}',
    '{]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{1:1}',
    '{"a":1 "b":2}',
    '{,}',
    '\ufeff1',
    '\u00a01',
    '// 1',
  ])('F3: refuses %j', (text) => {
    expect(isJson(text)).toBe(false)
    expect(scanJson(text, 9)).toEqual(REFUSED)
  })

  it('F3: counts what parsing would build', () => {
    const text = '{"a":[{},[]],"b":{"c":1,"c":2,"":"{[:,"}}'
    expect(scanJson(text, 3)).toEqual({ ok: true, shape: { containers: 5, members: 5 } })
  })

  it('F3: takes so many levels and no more, whatever they are made of', () => {
    for (const text of [nested(200), `${'{"a":'.repeat(199)}[]${'}'.repeat(199)}`]) {
      expect(scanJson(text, 200).ok).toBe(true)
      expect(scanJson(text, 199)).toEqual({ ok: false, reason: 'too_deep' })
    }
    expect(scanJson(`[${nested(199)},${nested(199)}]`, 200).ok).toBe(true)
    expect(scanJson('[]', 0)).toEqual({ ok: false, reason: 'too_deep' })
  })

  it('F3: does not recurse, though a million levels are allowed', () => {
    expect(scanJson(nested(1_000_000), 1_000_000)).toMatchObject({ ok: true, shape: { containers: 1_000_000 } })
    expect(scanJson('['.repeat(1_000_000), 1_000_000)).toEqual(REFUSED)
  })

  it('F3: stops at the first bracket that is too deep', () => {
    expect(scanJson(`${'['.repeat(201)}nonsense`, 200)).toEqual({ ok: false, reason: 'too_deep' })
  })

  it('F3: takes every JSON text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6, noUnicodeString: false }), fc.nat(4), (text, indent) => {
        expect(scanJson(text, 99).ok).toBe(true)
        expect(scanJson(JSON.stringify(JSON.parse(text), undefined, indent), 99).ok).toBe(true)
      }),
    )
  })

  it('F3: says of any text what JSON.parse says', () => {
    const piece = fc.constantFrom(
      ...Array.from('{}[]:,"\\ \n0123456789.-+eEu'),
      'true',
      'null',
      '"a"',
      '"a":',
      '\\u00e4',
      '\u2028',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        expect(scanJson(text, 99).ok).toBe(isJson(text))
      }),
      { numRuns: 20_000 },
    )
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, inserted) => {
        const start = at % (json.length + 1)
        for (const text of [json.slice(0, start) + inserted + json.slice(start), json.slice(0, start)]) {
          expect(scanJson(text, 99).ok).toBe(isJson(text))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parseJson', () => {
  it('F3: gives the value, and undefined for what is not JSON or nested too deep', () => {
    expect(parseJson('{"a":[null]}')).toEqual({ a: [null] })
    expect(parseJson('null')).toBeNull()
    expect(parseJson('{')).toBeUndefined()
    expect(parseJson(nested(MAX_JSON_DEPTH))).toBeDefined()
    expect(parseJson(nested(MAX_JSON_DEPTH + 1))).toBeUndefined()
  })
})
