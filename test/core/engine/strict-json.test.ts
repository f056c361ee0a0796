// JSON with one reading: what is refused, and that what passes is the same value in plain ASCII.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readStrictJson, writeStrictJson } from '../../../src/core/engine/strict-json.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('readStrictJson', () => {
  it.each([
    ['{ "a" : [ 1 , 2.50 , -3e2 ] }', '{"a":[1,2.5,-300]}'],
    ['"ä漢\u007f\u2028🎬"', String.raw`"\u00e4\u6f22\u007f\u2028\ud83c\udfac"`],
    [String.raw`"\ud83c\udfac\/\b\t"`, String.raw`"\ud83c\udfac/\b\t"`],
    ['9007199254740991', '9007199254740991'],
    ['0.1', '0.1'],
    // What printf("%.17g") writes of the same double.
    ['0.10000000000000001', '0.1'],
    ['1.0', '1'],
    ['0.0', '0'],
    ['5e-324', '5e-324'],
    ['1e300', '1e+300'],
    ['{"constructor":{"name":1},"a":[{"prototype":1}]}', '{"constructor":{"name":1},"a":[{"prototype":1}]}'],
    ['{"a":{"b":1},"c":{"b":2},"d":[{"b":1},{"b":2}]}', '{"a":{"b":1},"c":{"b":2},"d":[{"b":1},{"b":2}]}'],
    ['{"constructor":true,"a":{"prototype":1}}', '{"constructor":true,"a":{"prototype":1}}'],
    ['[{"constructor":true},{"prototype":1}]', '[{"constructor":true},{"prototype":1}]'],
    [nested(64), nested(64)],
  ])('writes %s in one way', (text, written) => {
    expect(readStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
    expect(writeStrictJson(JSON.parse(text))).toBe(written)
  })

  it.each(['', ' ', '{', '{"a":1}}', '{"a":1} {"b":2}', '[1,]', '// x\n1', "'a'", '01', 'NaN', '\u00a01', '"\n"'])(
    'says that %j is no JSON',
    (text) => {
      expect(readStrictJson(text)).toEqual({ ok: false, reason: 'not_json' })
    },
  )

  it.each([
    ['{"a":1,"a":1}', 'a: is given more than once'],
    [String.raw`{"x":{"a":1,"b":{"a":0},"\u0061":2}}`, 'a: is given more than once'],
    ['{"ä b":1,"ä b":2}', 'body: a name: is given more than once'],
    ['{"":1,"":2}', 'body: a name: is given more than once'],
    ['[12345678901234567890]', 'body: must not hold a number that a double cannot hold'],
    ['9007199254740993', 'body: must not hold a number that a double cannot hold'],
    ['1.2345678901234567e20', 'body: must not hold a number that a double cannot hold'],
    ['1e400', 'body: must not hold a number that a double cannot hold'],
    ['-1E400', 'body: must not hold a number that a double cannot hold'],
    ['1e-400', 'body: must not hold a number that a double cannot hold'],
    ['-0', 'body: must not hold a number that a double cannot hold'],
    ['-0.0e5', 'body: must not hold a number that a double cannot hold'],
    ['0.1000000000000000055', 'body: must not hold a number that a double cannot hold'],
    [String.raw`"\ud83c"`, 'body: must not hold half of a surrogate pair'],
    [String.raw`{"\udfac":1}`, 'body: must not hold half of a surrogate pair'],
    [String.raw`"a\u0000"`, 'body: must not hold the character U+0000'],
    [String.raw`{"video_id\u0000":1}`, 'body: must not hold the character U+0000'],
    ['\uFEFF{}', 'body: must not begin with a byte order mark'],
    ['{"a":{"__proto__":{}}}', 'body: must not name __proto__'],
    ['{"constructor":{"prototype":{}}}', 'body: must not name prototype'],
    [nested(65), 'body: must not be nested deeper than 64 levels'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'body: must not be nested deeper than 64 levels'],
  ])('refuses %s', (text, detail) => {
    expect(readStrictJson(text)).toEqual({ ok: false, reason: 'ambiguous', detail })
  })

  it('refuses a text of brackets alone', () => {
    const detail = 'body: must not be nested deeper than 64 levels'
    expect(readStrictJson(nested(30_000))).toEqual({ ok: false, reason: 'ambiguous', detail })
  })

  it('reads what it writes, and writes it the same', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5, stringUnit: 'binary' }), (text) => {
        const once = readStrictJson(text)
        if (!once.ok) return
        const written = writeStrictJson(once.value)
        expect(written).toMatch(/^[\x20-\x7e]*$/)
        expect(readStrictJson(written)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  it('takes time in proportion to the length', () => {
    for (const text of [`"${'\\\\'.repeat(100_000)}"`, `[${'"a" , '.repeat(50_000)}1]`, `"${'x'.repeat(500_000)}"`]) {
      expect(readStrictJson(text).ok).toBe(true)
    }
  })
})
