// What a playlist is and what it promises: its kind, its end, its length, its dates; and texts that are no playlist.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPlaylist } from '../../../src/core/hls/playlist.ts'
import { spliceUrls } from '../../../src/core/sigv4/signed-text.ts'
import { leavesOf, rewrite, rewritten, signed } from './place.ts'
import { countLooks } from '../../support/counted-looks.ts'

const NONE = new Map<string, string>()

function info(text: string) {
  const playlist = readPlaylist(text, NONE)
  return playlist.ok ? playlist.info : playlist
}

describe('readPlaylist', () => {
  it('reads a film', () => {
    const text = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.5,title\na.ts\n#EXTINF: 3\nb.ts\n#EXT-X-ENDLIST\n'
    expect(info(text)).toEqual({
      kind: 'media',
      isEnded: true,
      durationSeconds: 9.5,
      isDurationKnown: true,
      targetDurationSeconds: 6,
      playlistType: undefined,
      mediaSequence: 0,
      tagDays: new Set(),
    })
  })

  it('reads a live playlist', () => {
    const tags = '#EXT-X-MEDIA-SEQUENCE: 4711\n#EXT-X-PROGRAM-DATE-TIME:1970-01-03T00:30:00+01:00\n'
    expect(info(`#EXTM3U\n${tags}#EXTINF:6,\na.ts\n`)).toEqual({
      kind: 'media',
      isEnded: false,
      durationSeconds: 6,
      isDurationKnown: true,
      targetDurationSeconds: undefined,
      playlistType: undefined,
      mediaSequence: 4711,
      tagDays: new Set([1]),
    })
  })

  it.each([
    ['EVENT', 'EVENT'],
    ['VOD', 'VOD'],
    [' EVENT ', 'EVENT'],
    ['LIVE', undefined],
    ['EVENT\n#EXT-X-PLAYLIST-TYPE:VOD', 'VOD'],
    ['VOD\n#EXT-X-PLAYLIST-TYPE:EVENT', 'VOD'],
  ])('reads the type %j', (value, playlistType) => {
    expect(info(`#EXTM3U\n#EXT-X-PLAYLIST-TYPE:${value}\n#EXTINF:6,\na.ts\n`)).toMatchObject({ playlistType })
  })

  it.each(['x', '-3', ''])('reads the media sequence %j as 0', (value) => {
    expect(info(`#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:${value}\n#EXTINF:6,\na.ts\n`)).toMatchObject({ mediaSequence: 0 })
  })

  it('takes PLAYLIST-TYPE=VOD for an end, and EVENT not', () => {
    expect(info('#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD \n#EXTINF:6,\na.ts')).toMatchObject({ isEnded: true })
    expect(info('#EXTM3U\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXTINF:6,\na.ts')).toMatchObject({ isEnded: false })
    expect(info('#EXTM3U\n#EXT-X-ENDLIST\n#EXT-X-PLAYLIST-TYPE:EVENT')).toMatchObject({ isEnded: true })
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
    expect(info(`#EXTM3U\n${lines}\n`)).toMatchObject({ kind })
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
    expect(info(text)).toEqual({ ok: false, line, reason })
  })

  it('counts no duration that is no number, endless or negative', () => {
    const lines = ['abc', 'Infinity', '-5', '', '1e999', '2'].map((value) => `#EXTINF:${value},\na.ts`)
    expect(info(`#EXTM3U\n${lines.join('\n')}`)).toMatchObject({ durationSeconds: 2 })
    expect(info('#EXTM3U\n#EXT-X-TARGETDURATION:-1\n#EXT-X-TARGETDURATION:x')).toMatchObject({
      targetDurationSeconds: undefined,
    })
  })

  it.each([
    ['no EXTINF', ''],
    ['EXTINF of no value', '#EXTINF:\n'],
    ['zero', '#EXTINF:0,\n'],
    ['zero with decimals', '#EXTINF:0.000,title\n'],
    ['minus one', '#EXTINF:-1,\n'],
    ['NaN', '#EXTINF:NaN,\n'],
    ['a word', '#EXTINF:abc,\n'],
    ['no end', '#EXTINF:Infinity,\n'],
    ['more than a number holds', '#EXTINF:1e999,\n'],
    ['a value that a worse one follows', '#EXTINF:6,\n#EXTINF:0,\n'],
  ])('F25: does not know the length of a list with a segment of %s', (_, extinf) => {
    const text = `#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:4,\na.ts\n${extinf}b.ts\n#EXT-X-ENDLIST\n`
    expect(info(text)).toMatchObject({ kind: 'media', isDurationKnown: false, durationSeconds: 4 + 6 })
    expect(info(text.replace(`${extinf}b.ts`, '#EXTINF:1e-3,\nb.ts'))).toMatchObject({ isDurationKnown: true })
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
  ])('looks at %s as often a character in a long text as in a short one', (_, before, unit) => {
    const looks = (length: number): number => {
      const text = `#EXTM3U\n#EXTINF:1,\n${before}${unit.repeat(length / unit.length)}`
      return countLooks(() => expect(rewrite(text)).toHaveProperty('ok')) / length
    }
    expect(looks(262_144)).toBeLessThan(1.5 * looks(32_768) + 1)
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

  it('asks for signatures with the info, and for none when there is nothing to sign', () => {
    const calls: unknown[] = []
    const signAll = (leaves: readonly { name: string }[], known: unknown) => {
      calls.push(known)
      return leaves.map(({ name }) => signed(name))
    }
    rewrite('#EXTM3U\n#EXTINF:6,\na.ts\n#EXTINF:6,\nb.ts\n#EXTINF:6,\na.ts\n', { signAll })
    rewrite('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n', { signAll })
    expect(calls).toEqual([expect.objectContaining({ kind: 'media', isEnded: false, durationSeconds: 18 })])
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

describe('rewritePlaylist, days of leaves', () => {
  const FIRST = '#EXT-X-PROGRAM-DATE-TIME:1970-01-02T23:59:58.000Z'
  const SECOND = '#EXT-X-PROGRAM-DATE-TIME:1970-01-03T00:00:04.000Z'
  const days = (...lines: readonly string[]) =>
    leavesOf(`#EXTM3U\n#EXT-X-TARGETDURATION:6\n${lines.join('\n')}\n`).map(({ name, tagDay }) => [name, tagDay])

  it('F23: dates a segment by its own tag alone, and none by its neighbours', () => {
    expect(
      days('#EXTINF:6,', 'a', FIRST, '#EXTINF:6,', 'b', '#EXTINF:6,', 'c', SECOND, '#EXTINF:6,', 'd', 'e'),
    ).toEqual([
      ['a', undefined],
      ['b', 1],
      ['c', undefined],
      ['d', 2],
      ['e', undefined],
    ])
  })

  it.each([
    ['before its own discontinuity', [FIRST, '#EXT-X-DISCONTINUITY', '#EXTINF:6,']],
    ['behind it', ['#EXT-X-DISCONTINUITY', FIRST, '#EXTINF:6,']],
    ['behind its duration', ['#EXTINF:6,', FIRST]],
    ['beside comments and other tags', [FIRST, '', '# a comment', '#EXT-X-GAP', '#EXTINF:6,']],
    ['behind a space', [FIRST.replace(':', ': '), '#EXTINF:6,']],
    ['behind a tab', [FIRST.replace(':', ':\t '), '#EXTINF:6,']],
    ['beside one that cannot be read', [FIRST, '#EXT-X-PROGRAM-DATE-TIME:yesterday', '#EXTINF:6,']],
    ['as the last of two', [SECOND, FIRST, '#EXTINF:6,']],
  ])('F23: counts a tag %s', (_, block) => {
    expect(days(...block, 'a', '#EXTINF:6,', 'b')).toEqual([
      ['a', 1],
      ['b', undefined],
    ])
  })

  it('F23: gives parts, hints and prefetches the day of the tag before them in their block', () => {
    expect(
      days(
        FIRST,
        '#EXT-X-PART:DURATION=3,URI="a1"',
        '#EXTINF:6,',
        'a',
        '#EXT-X-PART:DURATION=3,URI="b1"',
        SECOND,
        '#EXT-X-PART:DURATION=3,URI="b2"',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="b3"',
        '#EXT-X-PREFETCH:b4',
      ),
    ).toEqual([
      ['a1', 1],
      ['a', 1],
      ['b1', undefined],
      ['b2', 2],
      ['b3', 2],
      ['b4', 2],
    ])
  })

  it('F23: gives a hinted part the day it will have as a part, and keeps it when its segment is complete', () => {
    const begun = [FIRST, '#EXT-X-PART:DURATION=3,URI="a1"']
    const hint = days(...begun, '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="a2"')
    const part = days(...begun, '#EXT-X-PART:DURATION=3,URI="a2"')
    const complete = days(...begun, '#EXT-X-PART:DURATION=3,URI="a2"', '#EXTINF:6,', 'a')
    expect(hint).toEqual(part)
    expect(complete.slice(0, 2)).toEqual(part)
  })

  it('F23: dates a part whichever other part of its file is listed before it', () => {
    const part = '#EXT-X-PART:DURATION=3,URI="a",BYTERANGE='
    const all = days(`${part}"9@0"`, FIRST, `${part}"9@9"`, `${part}"9@18"`)
    expect(all).toEqual([
      ['a', undefined],
      ['a', 1],
    ])
    expect(days(FIRST, `${part}"9@9"`, `${part}"9@18"`)).toEqual(all.slice(1))
  })

  it('gives no day to what outlives a segment: init sections, keys, files of many segments', () => {
    expect(
      days(
        FIRST,
        '#EXT-X-MAP:URI="init"',
        '#EXT-X-BYTERANGE:5@0',
        '#EXTINF:6,',
        'all',
        FIRST,
        '#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="next"',
        '#EXTINF:6,',
        'b',
      ),
    ).toEqual([
      ['init', undefined],
      ['all', undefined],
      ['next', undefined],
      ['b', 1],
    ])
  })

  it('F23: keeps the day of a segment while the list moves on', () => {
    const before = days('#EXTINF:6,', 'a', FIRST, '#EXTINF:6,', 'b', '#EXTINF:6,', 'c')
    const after = days('#EXTINF:6,', 'c', SECOND, '#EXTINF:6,', 'd')
    expect(days(FIRST, '#EXTINF:6,', 'b', '#EXTINF:6,', 'c', SECOND, '#EXTINF:6,', 'd')).toEqual([
      ...before.slice(1),
      ...after.slice(1),
    ])
  })
})
