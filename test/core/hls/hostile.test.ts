// Every hostile spelling at every place of a URI: the whole playlist is refused, for the right line, and nothing is signed.
import { describe, expect, it } from 'vitest'
import {
  HOLDS_CONTROL,
  LEAVES_FOLDER,
  NAMES_FOLDER,
  NOT_UNICODE,
  NOT_UTF8,
  TOO_LONG,
} from '../../../src/core/hls/reference.ts'
import { API_BASE, ORIGIN, rewrite, rewriteJson, rewriteStoryboard, rewritten, signAll, signed } from './place.ts'

const MEDIA = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfirst.ts\n'
const MULTIVARIANT = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfirst.m3u8\n'

/** [name, the playlist up to the reference, what follows it]; the reference stands on the last line before it. */
type At = readonly [name: string, before: string, after: string]

const PLACES: readonly At[] = [
  ['a segment', `${MEDIA}#EXTINF:6,\n`, '\n'],
  ['a segment without a line end', `${MEDIA}#EXTINF:6,\r\n`, ''],
  ['a variant', `${MULTIVARIANT}#EXT-X-STREAM-INF:BANDWIDTH=2\n`, '\n'],
  ['a stray line of a multivariant playlist', MULTIVARIANT, '\n'],
  ['EXT-X-MEDIA', `${MULTIVARIANT}#EXT-X-MEDIA:TYPE=AUDIO,URI="`, '",GROUP-ID="a"\n'],
  ['EXT-X-I-FRAME-STREAM-INF', `${MULTIVARIANT}#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="`, '"\n'],
  ['EXT-X-IMAGE-STREAM-INF', `${MULTIVARIANT}#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI="`, '"\n'],
  ['EXT-X-SESSION-KEY', `${MULTIVARIANT}#EXT-X-SESSION-KEY:METHOD=AES-128,URI="`, '"\n'],
  ['EXT-X-CONTENT-STEERING', `${MULTIVARIANT}#EXT-X-CONTENT-STEERING:SERVER-URI="`, '"\n'],
  ['EXT-X-MAP', `${MEDIA}#EXT-X-MAP:URI="`, '"\n'],
  ['EXT-X-KEY', `${MEDIA}#EXT-X-KEY:METHOD=AES-128,URI="`, '"\n'],
  ['an unquoted EXT-X-KEY', `${MEDIA}#EXT-X-KEY:METHOD=AES-128,URI=`, ',IV=0x0\n'],
  ['EXT-X-PART', `${MEDIA}#EXT-X-PART:DURATION=1,URI="`, '"\n'],
  ['EXT-X-PREFETCH', `${MEDIA}#EXT-X-PREFETCH:`, '\n'],
  ['the second URI of a tag', `${MEDIA}#EXT-X-MAP:URI="a.mp4",URI="`, '"\n'],
  ['the first URI of a tag', `${MEDIA}#EXT-X-MAP:URI="`, '",URI="a.mp4"\n'],
]

/** Tags that a film plays without. */
const DISPENSABLE: readonly At[] = [
  ['EXT-X-SESSION-DATA', `${MULTIVARIANT}#EXT-X-SESSION-DATA:DATA-ID="a",URI="`, '"\n'],
  ['raw EXT-X-SESSION-DATA', `${MULTIVARIANT}#EXT-X-SESSION-DATA:DATA-ID="a",FORMAT=RAW,URI="`, '"\n'],
  ['EXT-X-PRELOAD-HINT', `${MEDIA}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="`, '"\n'],
  ['EXT-X-PRELOAD-HINT without a line end', `${MEDIA}#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="`, '"'],
  ['EXT-X-RENDITION-REPORT', `${MEDIA}#EXT-X-RENDITION-REPORT:URI="`, '"\n'],
  [
    'EXT-X-RENDITION-REPORT between other lines',
    `${MEDIA}#EXT-X-RENDITION-REPORT:URI="`,
    '"\r\n#EXTINF:6,\r\nb.ts\r\n',
  ],
  ['X-ASSET-URI', `${MEDIA}#EXT-X-DATERANGE:ID="a",X-ASSET-URI="`, '"\n'],
  ['X-ASSET-LIST', `${MEDIA}#EXT-X-DATERANGE:ID="a",X-ASSET-LIST="`, '"\n'],
  ['X-URI', `${MEDIA}#EXT-X-DATERANGE:ID="a",CLASS="com.apple.hls.preload",X-URI="`, '"\n'],
  ['the second URI of a tag', `${MEDIA}#EXT-X-DATERANGE:ID="a",X-ASSET-URI="a",X-ASSET-LIST="`, '"\n'],
  ['the first URI of a tag', `${MEDIA}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="`, '",URI="a.mp4"\n'],
]

const OTHER = 'users/somebody/hls/else/index.m3u8'
const WAYS_OUT: readonly string[] = [
  `../${OTHER}`,
  `./../${OTHER}`,
  `a/../../${OTHER}`,
  `a/b/../../../${OTHER}`,
  '..',
  '../',
  './..',
  '..//x',
  '..?x',
  '..#x',
  `/${OTHER}`,
  '/',
  '/.',
  `/.//${OTHER}`,
  `${API_BASE}seg.ts`,
  '%2e%2e/x',
  '%2E%2e/x',
  '.%2e/x',
  '%2e./x',
  'a/%2e%2e/%2e%2e/x',
  '%2e/x',
  'a/%2e',
  'a/..%2f..%2fx',
  '..%2fx',
  '..%2Fx',
  '%2fx',
  '..%5cx',
  'a%5cb',
  '..\\x',
  'a\\b',
  '\\x',
  '/\\host/x',
  '\\\\host\\x',
  '.\\..\\x',
]

/** Names to a reader that decodes once and drops no parameter. */
const READ_ANOTHER_WAY: readonly string[] = [
  // Decoded twice or more often they are dot segments, slashes, backslashes or NUL.
  '%252e%252e/x',
  '%252e%252e%252fx',
  'a%252eb',
  '..%252fx',
  '..%25252fx',
  'a%255cb',
  '%25%32%65',
  '%25%32%65%25%32%65/x',
  // Dot segments with a parameter, which some servers drop before they resolve.
  '..;/x',
  '.;/x',
  '..;a=b/x',
  'a/..;',
  '..%3b/x',
  '%2e%2e;/x',
  '..%253Bx/y',
  '..;x/../y',
]

/** What is wrong with a reference that leads nowhere else. */
const FAULTS: readonly (readonly [reason: string, ...spellings: readonly string[]])[] = [
  [NAMES_FOLDER, 'dir/', '.', './', 'a/.', 'a/..'],
  [
    HOLDS_CONTROL,
    'a%00.ts',
    'a\u0000.ts',
    'a\u0007.ts',
    'a\u007F.ts',
    'a\u0085.ts',
    'a%0a.ts',
    'a%0D%0ASet-Cookie: a=b',
    'a%7f.ts',
    'a%09b',
    '.\t./x',
    'ht\ttps://evil.example/x',
    '/\t/evil.example/x',
    'x\u000B',
    'a%2500.ts',
    'a\f.ts',
  ],
  [NOT_UTF8, '%c0%ae%c0%ae/x', '%c0%af', '%ff', '%e0%80%ae', '%ed%a0%80'],
  [NOT_UNICODE, '\uD800', '\uDC00.ts'],
  [TOO_LONG, 'x'.repeat(941), 'é'.repeat(471), `${'x/'.repeat(470)}x`],
]

/** Every bad reference, with what is said of it. */
const BAD: readonly (readonly [spelling: string, reason: string])[] = [
  ...[...WAYS_OUT, ...READ_ANOTHER_WAY].map((spelling) => [spelling, LEAVES_FOLDER] as const),
  ...FAULTS.flatMap(([reason, ...spellings]) => spellings.map((spelling) => [spelling, reason] as const)),
]

describe('rewritePlaylist, against a hostile author', () => {
  it.each(PLACES)('refuses every way out in %s', (_, before, after) => {
    for (const spelling of WAYS_OUT) expectRefusal(before, spelling, after, LEAVES_FOLDER)
  })

  it.each(PLACES)('F19: refuses in %s what another reader takes for a way out', (_, before, after) => {
    for (const spelling of READ_ANOTHER_WAY) expectRefusal(before, spelling, after, LEAVES_FOLDER)
  })

  it.each(PLACES)('F30: says what is wrong with a reference in %s', (_, before, after) => {
    for (const [reason, ...spellings] of FAULTS) {
      for (const spelling of spellings) expectRefusal(before, spelling, after, reason)
    }
  })

  it.each(DISPENSABLE)('F30: leaves the tag out and plays the rest, whatever is wrong with %s', (_, before, after) => {
    const lineStart = before.lastIndexOf('\n') + 1
    const lineEnd = after.indexOf('\n') + 1
    const without = rewritten(before.slice(0, lineStart) + (lineEnd === 0 ? '' : after.slice(lineEnd)))
    for (const [spelling] of BAD) expect([spelling, rewritten(before + spelling + after)]).toEqual([spelling, without])
    expect(rewritten(`${before}{$undefined}${after}`)).toBe(without)
    // The same with a good one stays.
    expect(rewritten(`${before}good.bin${after}`)).not.toBe(without)
  })

  it.each(PLACES)('refuses a reference in %s that a variable takes outside', (_, before, after) => {
    const head =
      '#EXTM3U\n#EXT-X-DEFINE:NAME="up",VALUE=".."\n#EXT-X-DEFINE:NAME="dot",VALUE="."\n#EXT-X-DEFINE:NAME="enc",VALUE="%2e%2"\n#EXT-X-DEFINE:QUERYPARAM="q"\n'
    const text = before.replace('#EXTM3U\n', head)
    const line = text.split('\n').length
    const query = new Map([['q', '../../x']])
    for (const spelling of [
      '{$up}/x',
      '.{$dot}/x',
      'a/{$dot}./{$up}/x',
      '{$enc}e/x',
      'a/{$q}',
      '{$q}',
      '{$up}{$enc}f',
    ]) {
      const result = rewrite(`${text}${spelling}${after}`, { query })
      expect([spelling, result]).toEqual([spelling, { ok: false, line, reason: LEAVES_FOLDER }])
    }
  })

  it.each(['...', 'a;x..', '100%25.ts', 'a%2520b.ts', '．．/x', '%ef%bc%8e%ef%bc%8e/x', '‥/x'])(
    'keeps %s as the text of a name inside the folder',
    (spelling) => {
      const result = rewrite(`${MEDIA}#EXTINF:6,\n${spelling}\n`)
      expect(result.ok).toBe(true)
    },
  )

  it('cannot be made to split an attribute, a line or a URL by what a variable holds', () => {
    const query = new Map([['q', 'a"\r\n#EXT-X-MAP:URI="b']])
    const text = '#EXTM3U\n#EXT-X-DEFINE:QUERYPARAM="q"\n#EXT-X-MAP:URI="x?{$q}"\n'
    expect(rewrite(text, { query })).toEqual({ ok: false, line: 3, reason: HOLDS_CONTROL })
  })

  it('never lets a line end that only some players see put our URL into the query of another host', () => {
    const reason = 'carriage return inside a line'
    const text = '#EXTM3U\n#EXTINF:6,\nhttps://evil.example/?'
    expect(rewrite(`${text}\rseg.ts\n`)).toEqual({ ok: false, line: 4, reason })
    expect(rewrite(`${text}\r \rseg.ts\n`)).toEqual({ ok: false, line: 5, reason })
  })

  it('F30: reads a percent sign that begins no escape as itself, as URL parsers do', () => {
    for (const spelling of ['%', 'a%', '%4', '%zz', '%u002e', '100%.ts', 'a%zz.ts', '50%%20off.ts', '%%.ts']) {
      const name = spelling === '50%%20off.ts' ? '50% off.ts' : spelling
      expect(rewritten(`${MEDIA}#EXTINF:6,\n${spelling}\n`)).toContain(`\n${signed(name)}\n`)
    }
  })

  it('reads a file of CR line ends, and one whose LF were doubled to CR CR LF', () => {
    expect(rewrite('#EXTM3U\r#EXTINF:6,\rseg.ts\r').ok).toBe(true)
    expect(rewrite('#EXTM3U\r\r\n#EXTINF:6,\r\r\nseg.ts\r\r\n').ok).toBe(true)
  })
})

function expectRefusal(before: string, spelling: string, after: string, reason: string): void {
  const line = before.split('\n').length
  const result = rewrite(`${before}${spelling}${after}`, {
    signAll: () => {
      throw new Error(`signed ${spelling}`)
    },
  })
  expect([spelling, result]).toEqual([spelling, { ok: false, line, reason }])
}

describe('rewriteStoryboard and rewriteJson, against a hostile author', () => {
  const place = { path: 'index.m3u8', apiBase: API_BASE, origin: ORIGIN, signAll }

  it.each(BAD.filter(([spelling]) => !spelling.includes('#')))('refuse %j', (spelling, reason) => {
    const cue = `WEBVTT\n\n00:00.000 --> 00:01.000\n${spelling}#xywh=0,0,1,1\n`
    expect(rewriteStoryboard(cue, place)).toEqual({ ok: false, line: 4, reason })
    const list = `{"ASSETS":[\n{"URI":${JSON.stringify(spelling)},"DURATION":1}]}`
    expect(rewriteJson(list, place)).toEqual({ ok: false, line: 2, reason })
  })
})
