// What a playlist is and what it promises: its kind, its end, its length, its dates; and texts that are no playlist.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPlaylist } from '../../../src/core/hls/playlist.ts'
import { spliceUrls } from '../../../src/core/sigv4/signed-text.ts'
import { leavesOf, rewrite, rewritten, signed } from './place.ts'

const NONE = new Map<string, string>()

function facts(text: string) {
  const playlist = readPlaylist(text, NONE)
  return playlist.ok ? playlist.facts : playlist
}

describe('readPlaylist', () => {
  it('reads a film', () => {
    const text = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.5,title\na.ts\n#EXTINF: 3\nb.ts\n#EXT-X-ENDLIST\n'
    expect(facts(text)).toEqual({ kind: 'media', isEnded: true, durationSeconds: 9.5, targetDurationSeconds: 6 })
  })

  it('reads a live playlist', () => {
    expect(facts('#EXTM3U\n#EXTINF:6,\na.ts\n')).toEqual({
      kind: 'media',
      isEnded: false,
      durationSeconds: 6,
      targetDurationSeconds: undefined,
    })
  })

  it('takes PLAYLIST-TYPE=VOD for an end, and EVENT not', () => {
    expect(facts('#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD \n#EXTINF:6,\na.ts')).toMatchObject({ isEnded: true })
    expect(facts('#EXTM3U\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXTINF:6,\na.ts')).toMatchObject({ isEnded: false })
    expect(facts('#EXTM3U\n#EXT-X-ENDLIST\n#EXT-X-PLAYLIST-TYPE:EVENT')).toMatchObject({ isEnded: true })
  })

  it.each([
    ['a variant', '#EXT-X-STREAM-INF:BANDWIDTH=1\na.ts', 'multivariant'],
    ['a rendition', '#EXT-X-MEDIA:TYPE=AUDIO', 'multivariant'],
    ['trick play', '#EXT-X-I-FRAME-STREAM-INF:URI="a"', 'multivariant'],
    ['images', '#EXT-X-IMAGE-STREAM-INF:URI="a"', 'multivariant'],
    ['a segment', '#EXTINF:1,\na.m3u8', 'media'],
    ['a target duration', '#EXT-X-TARGETDURATION:1', 'media'],
    ['the head alone', '', 'empty'],
    ['lines without a tag', 'a.ts', 'empty'],
    ['a tag that only begins alike', '#EXT-X-MEDIA-SEQUENCE:1', 'empty'],
  ])('classifies %s by its tags', (_, lines, kind) => {
    expect(facts(`#EXTM3U\n${lines}\n`)).toMatchObject({ kind })
  })

  it.each([
    ['#EXTM3U\n#EXTINF:1,\na.ts\n#EXT-X-STREAM-INF:BANDWIDTH=1\nb.m3u8\n', 4, 'media and multivariant tags are mixed'],
    ['#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO\n\n#EXTINF:1,\na.ts\n', 4, 'media and multivariant tags are mixed'],
    [
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n#EXT-X-STREAM-INF:BANDWIDTH=2\na.m3u8\n',
      2,
      'EXT-X-STREAM-INF has no URI line',
    ],
    ['#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n# end\n', 2, 'EXT-X-STREAM-INF has no URI line'],
    ['', 1, 'not a playlist'],
    ['a.ts\nb.ts\n', 1, 'not a playlist'],
    ['# a comment\n', 1, 'not a playlist'],
    ['<!doctype html>\n<p>#EXTM3U</p>\n', 1, 'not a playlist'],
  ])('refuses %j', (text, line, reason) => {
    expect(facts(text)).toEqual({ ok: false, line, reason })
  })

  it('counts no duration that is no number, endless or negative', () => {
    const lines = ['abc', 'Infinity', '-5', '', '1e999', '2'].map((value) => `#EXTINF:${value},\na.ts`)
    expect(facts(`#EXTM3U\n${lines.join('\n')}`)).toMatchObject({ durationSeconds: 2 })
    expect(facts('#EXTM3U\n#EXT-X-TARGETDURATION:-1\n#EXT-X-TARGETDURATION:x')).toMatchObject({
      targetDurationSeconds: undefined,
    })
  })

  it('gives back the text when each site is replaced by itself', () => {
    const piece = fc.constantFrom(
      '#EXTM3U',
      '#EXTINF:6,',
      '#EXT-X-MAP:URI="a b.mp4"',
      '#EXT-X-KEY:METHOD=AES-128,URI=k',
      ' seg.ts ',
      '{$v}.ts',
      '#',
      '#EXT-X-DEFINE:NAME="v",VALUE="x"',
      '#EXT-X-DATERANGE:X-ASSET-URI=" a "',
      '#EXT-X-PREFETCH: p.ts',
      '"',
      '\uD800',
      '\t',
    )
    const ending = fc.constantFrom('\n', '\r\n', '\r', '\n\n')
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, ending)), (lines) => {
        const text = lines.flat().join('')
        const playlist = readPlaylist(text, NONE)
        if (!playlist.ok) return
        const edits = playlist.sites.map(({ start, end }) => ({ start, end, text: text.slice(start, end) }))
        expect(spliceUrls({ text, edits }, [])).toBe(text)
      }),
      { numRuns: 1_000 },
    )
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        rewrite(text)
        rewrite(`#EXTM3U\n${text}\n#EXT-X-MAP:${text}\n#EXT-X-DEFINE:${text}`)
      }),
    )
  })

  // Work that grew with the square of the length would not come back from any of these.
  it.each([
    ['URIs in one tag', '#EXT-X-MAP:', 'URI="a",'],
    ['names without values', '#EXT-X-MAP:URI="a"', ',A'],
    ['blanks between attributes', '#EXT-X-MAP:URI="a"', ', '],
    ['open braces', 'a', '{$'],
    ['references without an end', 'a', '{$a'],
    ['steps up and down', 'a', '/a/..'],
    ['escapes', 'a', '%41'],
    ['one name', 'a', 'a'],
    ['parts of no segment', '', '#EXT-X-PART:URI="a"\n'],
    ['segments', '', '#EXTINF:1,\na.ts\n'],
    ['blank lines', '', '\n'],
    ['lines that end in CR', '', '#\r'],
    ['tags without a value', '', '#EXTX\n'],
    ['controls without a value', '', '#EXT-X-SERVER-CONTROL\n'],
    ['controls without an end', '', '#EXT-X-SERVER-CONTROL:A="\n'],
    ['names of one letter', '', 'a\n'],
    ['variables', '', '#EXT-X-DEFINE:NAME="",VALUE=""\n'],
    ['definitions', '#EXT-X-DEFINE:NAME="a",VALUE="', '{$'],
  ])('reads 2 MiB of %s to the end', (_, before, unit) => {
    const text = `#EXTM3U\n#EXTINF:1,\n${before}${unit.repeat(2_097_152 / unit.length)}`
    expect(rewrite(text)).toHaveProperty('ok')
  })
})

describe('rewritePlaylist, before the first line', () => {
  it.each([
    ['a byte order mark', '\uFEFF'],
    ['blank lines', '\n\r\n \t\n'],
    ['both', '\uFEFF\n\n'],
    ['spaces', '  '],
  ])('removes %s, which stops players', (_, before) => {
    expect(rewritten(`${before}#EXTM3U\n#EXTINF:6,\na.ts\n`)).toBe(`#EXTM3U\n#EXTINF:6,\n${signed('a.ts')}\n`)
  })

  it('accepts comments first and a missing #EXTM3U, and changes neither', () => {
    expect(rewritten('# made by hand\n\n#EXTINF:6,\na.ts')).toBe(`# made by hand\n\n#EXTINF:6,\n${signed('a.ts')}`)
  })

  it('still counts the lines of the stored text', () => {
    expect(rewrite('\uFEFF\n\n#EXTM3U\n../a.ts')).toMatchObject({ ok: false, line: 4 })
  })
})

describe('rewritePlaylist, byte for byte', () => {
  it.each([['\n'], ['\r\n'], ['\r']])('keeps line ends %j and a missing one at the end', (ending) => {
    const lines = ['#EXTM3U', '#EXTINF:6,', 'a.ts ', '', '#EXTINF:6,', 'b.ts']
    const expected = ['#EXTM3U', '#EXTINF:6,', `${signed('a.ts')} `, '', '#EXTINF:6,', signed('b.ts')]
    expect(rewritten(lines.join(ending))).toBe(expected.join(ending))
  })

  it('returns an empty playlist as it is', () => {
    expect(rewritten('#EXTM3U\n#EXT-X-VERSION:7\n')).toBe('#EXTM3U\n#EXT-X-VERSION:7\n')
  })

  it('asks for signatures with the facts, and for none when there is nothing to sign', () => {
    const calls: unknown[] = []
    const signAll = (leaves: readonly { name: string }[], known: unknown) => {
      calls.push(known)
      return leaves.map(({ name }) => signed(name))
    }
    rewrite('#EXTM3U\n#EXTINF:6,\na.ts\n#EXTINF:6,\nb.ts\n#EXTINF:6,\na.ts\n', { signAll })
    rewrite('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n', { signAll })
    expect(calls).toEqual([{ kind: 'media', isEnded: false, durationSeconds: 18, targetDurationSeconds: undefined }])
  })

  it('does not accept a signer that loses a leaf', () => {
    expect(() => rewrite('#EXTM3U\n#EXTINF:6,\na.ts\n', { signAll: () => [] })).toThrow(TypeError)
  })

  it('refuses to grow a short text beyond what an isolate can hold', () => {
    const line = `#EXT-X-DEFINE:NAME="a",VALUE="${'v'.repeat(900)}"\n`
    const variants = '#EXT-X-STREAM-INF:\na\n'.repeat(60_000)
    expect(rewrite(`#EXTM3U\n${line}${variants}`)).toEqual({
      ok: false,
      line: 1,
      reason: 'rewritten text is too large',
    })
    expect(rewrite(`#EXTM3U\n${'a\n'.repeat(131_073)}`)).toEqual({ ok: false, line: 131_074, reason: 'too many URIs' })
  })
})

describe('rewritePlaylist, dates of leaves', () => {
  const START = '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z'
  const zeroMs = Date.UTC(2026, 0, 1)
  const dates = (...lines: readonly string[]) =>
    leavesOf(`#EXTM3U\n#EXT-X-TARGETDURATION:6\n${lines.join('\n')}\n`).map(({ name, programDateTimeMs }) => [
      name,
      programDateTimeMs === undefined ? undefined : programDateTimeMs - zeroMs,
    ])

  it('advances by EXTINF, and starts anew at the next date', () => {
    expect(
      dates(
        START,
        '#EXTINF:6,',
        'a',
        '#EXTINF:2.0004,',
        'b',
        '#EXTINF:6,',
        'c',
        '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:01:00Z',
        'd',
      ),
    ).toEqual([
      ['a', 0],
      ['b', 6_000],
      ['c', 8_000],
      ['d', 60_000],
    ])
  })

  it('knows no date before the first one, and none after a discontinuity', () => {
    expect(dates('#EXTINF:6,', 'a', START, '#EXTINF:6,', 'b', '#EXT-X-DISCONTINUITY', '#EXTINF:6,', 'c')).toEqual([
      ['a', undefined],
      ['b', 0],
      ['c', undefined],
    ])
  })

  it('gives parts the date of their segment, even when it follows them', () => {
    expect(
      dates(
        START,
        '#EXTINF:6,',
        'a',
        '#EXT-X-PART:DURATION=3,URI="b1"',
        '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:07Z',
        '#EXTINF:6,',
        'b',
      ),
    ).toEqual([
      ['a', 0],
      ['b1', 7_000],
      ['b', 7_000],
    ])
  })

  it('gives a hinted part the date it will have as a part', () => {
    const part = dates(START, '#EXTINF:6,', 'a', '#EXT-X-PART:DURATION=3,URI="b1"')
    const hint = dates(START, '#EXTINF:6,', 'a', '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="b1"')
    expect(hint).toEqual(part)
    expect(hint).toEqual([
      ['a', 0],
      ['b1', 6_000],
    ])
  })

  it('dates what comes next, and parts before a discontinuity with what came before', () => {
    expect(dates(START, '#EXTINF:6,', 'a', '#EXT-X-PREFETCH:b', '#EXT-X-DISCONTINUITY', '#EXT-X-PREFETCH:c')).toEqual([
      ['a', 0],
      ['b', 6_000],
      ['c', undefined],
    ])
  })

  it('does not count the duration of one segment for the next', () => {
    expect(dates(START, '#EXTINF:6,', 'a', 'b', '#EXTINF:1,', 'c')).toEqual([
      ['a', 0],
      ['b', 6_000],
      ['c', 6_000],
    ])
  })

  it('gives no date to what outlives a segment: init sections, keys, files of many segments', () => {
    expect(
      dates(
        START,
        '#EXT-X-MAP:URI="init"',
        '#EXT-X-BYTERANGE:5@0',
        '#EXTINF:6,',
        'all',
        '#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="next"',
        '#EXTINF:6,',
        'b',
      ),
    ).toEqual([
      ['init', undefined],
      ['all', undefined],
      ['next', undefined],
      ['b', 6_000],
    ])
  })

  it('ignores a date it cannot read', () => {
    expect(dates(START, '#EXTINF:6,', 'a', '#EXT-X-PROGRAM-DATE-TIME:yesterday', '#EXTINF:6,', 'b')).toEqual([
      ['a', 0],
      ['b', 6_000],
    ])
  })

  it('keeps the date of a segment while the list moves on', () => {
    const late = '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:06.000Z'
    const before = dates(START, '#EXTINF:6,', 'a', '#EXTINF:6,', 'b', '#EXTINF:6,', 'c')
    const after = dates(late, '#EXTINF:6,', 'b', '#EXTINF:6,', 'c', '#EXTINF:6,', 'd')
    expect(after.slice(0, 2)).toEqual(before.slice(1))
  })
})
