// EXT-X-DEFINE: where values come from, where they go, and what a hostile definition cannot do.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CARRIED_CHARS, MAX_CARRIED_VARIABLES } from '../../../src/core/hls/limits.ts'
import { CARRIED_PREFIX, carriedVariables, carryVariables, openScope } from '../../../src/core/hls/variables.ts'
import { readAttributes } from '../../../src/core/hls/attributes.ts'
import { LEAVES_FOLDER } from '../../../src/core/hls/reference.ts'
import { API_BASE, leavesOf, rewrite, rewritten, signed } from './place.ts'

const HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n'

function media(...lines: readonly string[]): string {
  return `${HEAD}${lines.join('\n')}\n`
}

function scopeOf(definitions: readonly string[], query: ReadonlyMap<string, string> = new Map()) {
  const scope = openScope(query)
  const reasons = definitions.map((text) => scope.define(text, readAttributes(text, 0, text.length) ?? []))
  return { ...scope, reasons }
}

describe('openScope', () => {
  it('replaces each reference, once', () => {
    const scope = scopeOf(['NAME="a",VALUE="1"', 'NAME="b",VALUE="{$a}{$"', 'NAME="c",VALUE="a}"'])
    expect(scope.expand('x{$a}y{$a}{$b}{$c}')).toEqual({ ok: true, text: 'x1y11{$a}' })
  })

  it.each(['{$}', '{$a', '{$a b}', '{ $a}', '{$é}', '$a', '{$$a}', '{a}'])('takes %j for plain text', (text) => {
    expect(scopeOf([]).expand(text)).toEqual({ ok: true, text })
  })

  it('finds the reference inside another brace', () => {
    expect(scopeOf(['NAME="a",VALUE="1"']).expand('{${$a}}')).toEqual({ ok: true, text: '{$1}' })
  })

  it('refuses a reference to what is not defined yet', () => {
    expect(scopeOf([]).expand('{$a}')).toEqual({ ok: false, reason: 'variable a is not defined' })
  })

  it('does not find variables in the prototype of an object', () => {
    expect(scopeOf([]).expand('{$constructor}{$__proto__}')).toMatchObject({ ok: false })
  })

  it.each([
    ['no name', 'VALUE="1"', 'EXT-X-DEFINE must have one of NAME, IMPORT and QUERYPARAM'],
    ['two sources', 'NAME="a",VALUE="1",IMPORT="a"', 'EXT-X-DEFINE must have one of NAME, IMPORT and QUERYPARAM'],
    ['a name with a space', 'NAME="a b",VALUE="1"', 'EXT-X-DEFINE has an invalid variable name'],
    ['an empty name', 'NAME="",VALUE="1"', 'EXT-X-DEFINE has an invalid variable name'],
    ['no value', 'NAME="a"', 'variable a has no value'],
    ['an import that is not carried', 'IMPORT="a"', 'variable a has no value'],
    ['a query parameter that is not there', 'QUERYPARAM="a"', 'variable a has no value'],
    ['a value that refers to nothing', 'NAME="a",VALUE="{$b}"', 'variable b is not defined'],
  ])('refuses %s', (_, definition, reason) => {
    expect(scopeOf([definition]).reasons).toEqual([reason])
  })

  it('refuses a second definition of a name', () => {
    expect(scopeOf(['NAME="a",VALUE="1"', 'NAME="a",VALUE="2"']).reasons[1]).toBe('variable a is defined twice')
  })

  it('stops doublings long before they fill memory', () => {
    const doublings = Array.from({ length: 60 }, (_, index) => `NAME="v${index + 1}",VALUE="{$v${index}}{$v${index}}"`)
    const { reasons } = scopeOf(['NAME="v0",VALUE="0123456789"', ...doublings])
    expect(reasons).toContain('variables expand to too much text')
  })

  it('never throws, and leaves a text without a reference alone', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '$', '}', 'a', '{$a}', '-', 'é', '"') })
    fc.assert(
      fc.property(text, (value) => {
        const expanded = scopeOf(['NAME="a",VALUE="{$a}"']).expand(value)
        if (expanded.ok && !value.includes('{$a}')) expect(expanded.text).toBe(value)
      }),
    )
  })
})

describe('rewritePlaylist, with variables', () => {
  it('resolves URI lines and quoted attributes, and signs what comes out', () => {
    const text = media(
      '#EXT-X-DEFINE:NAME="dir",VALUE="hd"',
      '#EXT-X-DEFINE:QUERYPARAM="token"',
      '#EXT-X-MAP:URI="{$dir}/init.mp4?t={$token}"',
      '#EXTINF:6,',
      '{$dir}/{$dir}.ts{$token}',
    )
    const result = rewritten(text, { query: new Map([['token', '?abc']]) })
    expect(result).toBe(
      media(
        '#EXT-X-DEFINE:NAME="dir",VALUE="hd"',
        '#EXT-X-DEFINE:QUERYPARAM="token"',
        `#EXT-X-MAP:URI="${signed('hd/init.mp4')}"`,
        '#EXTINF:6,',
        signed('hd/hd.ts'),
      ),
    )
  })

  it('lets a variable make a reference foreign, and then leaves it to the player', () => {
    const text = media('#EXT-X-DEFINE:NAME="cdn",VALUE="https://cdn.example.net"', '#EXTINF:6,', '{$cdn}/a.ts')
    expect(rewritten(text)).toBe(text)
    expect(leavesOf(text)).toEqual([])
  })

  it('reads a key format through a variable', () => {
    const text = media(
      '#EXT-X-DEFINE:NAME="format",VALUE="com.apple.streamingkeydelivery"',
      '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="relative",KEYFORMAT="{$format}"',
    )
    expect(rewritten(text)).toBe(text)
  })

  it('leaves references in attributes that hold no URI to the player', () => {
    const text = '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{$nowhere}",NAME="x"\n'
    expect(rewritten(text)).toBe(text)
  })

  it.each([
    ['a definition that comes too late', ['#EXTINF:6,', '{$a}.ts', '#EXT-X-DEFINE:NAME="a",VALUE="1"'], 4],
    ['a missing query parameter', ['#EXT-X-DEFINE:QUERYPARAM="a"'], 3],
    ['a missing import', ['#EXT-X-DEFINE:IMPORT="a"'], 3],
    ['an open quote', ['#EXT-X-DEFINE:NAME="a",VALUE="1'], 3],
    ['a URI that expands to nothing', ['#EXT-X-DEFINE:NAME="a",VALUE=""', '{$a}'], 4],
  ])('refuses %s at its line', (_, lines, line) => {
    expect(rewrite(media(...lines))).toMatchObject({ ok: false, line })
  })

  it('hands the variables of a multivariant playlist to every child that can import them', () => {
    const text = rewritten(
      [
        '#EXTM3U',
        '#EXT-X-DEFINE:NAME="auth",VALUE="?t=/a&b"',
        '#EXT-X-STREAM-INF:BANDWIDTH=1',
        'v.m3u8{$auth}',
        '#EXT-X-MEDIA:TYPE=AUDIO,URI="a.m3u8#f"',
        '#EXT-X-SESSION-KEY:METHOD=AES-128,URI="k"',
      ].join('\n'),
    )
    expect(text).toContain(`\n${API_BASE}v.m3u8?t=/a&b&_lg_v_auth=%3Ft%3D%2Fa%26b\n`)
    expect(text).toContain(`URI="${API_BASE}a.m3u8?_lg_v_auth=%3Ft%3D%2Fa%26b#f"`)
    expect(text).toContain(`URI="${API_BASE}k"`)
  })

  it('joins them to a query that is empty but for its mark', () => {
    const text = rewritten('#EXTM3U\n#EXT-X-DEFINE:NAME="a",VALUE="1"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8?\n')
    expect(text).toContain(`\n${API_BASE}v.m3u8?_lg_v_a=1\n`)
  })

  it('hands on to a sibling all that the parent gave, and nothing of its own', () => {
    const query = new Map([[`${CARRIED_PREFIX}unused`, '1']])
    const text = media('#EXT-X-DEFINE:NAME="own",VALUE="2"', '#EXT-X-RENDITION-REPORT:URI="b.m3u8"')
    expect(rewritten(text, { query })).toContain(`URI="${API_BASE}b.m3u8?_lg_v_unused=1"`)
  })

  it('gives a child what its parent defined, and hands it on to its siblings', () => {
    const query = new Map([
      ['x', '1'],
      [`${CARRIED_PREFIX}auth`, '?t=a'],
    ])
    const text = media(
      '#EXT-X-DEFINE:IMPORT="auth"',
      '#EXTINF:6,',
      'a.ts{$auth}',
      '#EXT-X-RENDITION-REPORT:URI="b.m3u8"',
    )
    const result = rewritten(text, { query })
    expect(result).toContain(`\n${signed('a.ts')}\n`)
    expect(result).toContain(`URI="${API_BASE}b.m3u8?_lg_v_auth=%3Ft%3Da"`)
  })

  it.each(['../../x', '/users/x', '%2e%2e/x', '..%2fx', 'a\\..\\x', '../'])(
    'gains a viewer nothing when he writes %j into the variable himself',
    (value) => {
      const text = media('#EXT-X-DEFINE:IMPORT="dir"', '#EXTINF:6,', '{$dir}/a.ts')
      const query = new Map([[`${CARRIED_PREFIX}dir`, value]])
      expect(rewrite(text, { query })).toEqual({ ok: false, line: 5, reason: LEAVES_FOLDER })
    },
  )

  it('lets a viewer turn a reference foreign only without a signature', () => {
    const text = media('#EXT-X-DEFINE:IMPORT="dir"', '#EXTINF:6,', '{$dir}/a.ts')
    const query = new Map([[`${CARRIED_PREFIX}dir`, 'https://evil.example']])
    expect(rewritten(text, { query })).toBe(text)
  })
})

describe('carryVariables', () => {
  it('takes as many as fit, in order, and no broken text', () => {
    const values = new Map([
      ['a', 'x'.repeat(MAX_CARRIED_CHARS)],
      ['b', 'é&=#'],
      ['c', '\uD800'],
      ['d', ''],
    ])
    expect(carryVariables(values)).toBe('_lg_v_b=%C3%A9%26%3D%23&_lg_v_d=')
  })

  it('takes no more than its number of variables', () => {
    const values = new Map(Array.from({ length: 40 }, (_, index) => [`v${index}`, ''] as const))
    expect(carryVariables(values).split('&')).toHaveLength(MAX_CARRIED_VARIABLES)
  })

  it('stays within its bounds, whatever is defined', () => {
    const values = fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/), fc.string({ unit: 'grapheme' })), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(values, (entries) => {
        const query = carryVariables(new Map(entries))
        expect(query.length).toBeLessThanOrEqual(MAX_CARRIED_CHARS)
        expect(query.split('&').length).toBeLessThanOrEqual(MAX_CARRIED_VARIABLES)
      }),
    )
  })

  it('comes back from the query of the child', () => {
    const values = fc.array(
      fc.tuple(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), fc.string({ unit: 'grapheme', maxLength: 8 })),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(values, (entries) => {
        const given = new Map(entries.filter(([, value]) => value.isWellFormed()))
        const query = new Map(new URLSearchParams(carryVariables(given)))
        expect(carriedVariables(query)).toEqual(given)
      }),
    )
  })
})

describe('carriedVariables', () => {
  it('ignores other parameters and names that no playlist can define', () => {
    const query = new Map([
      ['token', '1'],
      ['_lg_v_', '2'],
      ['_lg_v_a b', '3'],
      ['_lg_v_a', '4'],
    ])
    expect(carriedVariables(query)).toEqual(new Map([['a', '4']]))
  })
})
