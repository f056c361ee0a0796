// Every place where a playlist holds a URI: what goes in, what comes out, and what stays byte for byte.
import { describe, expect, it } from 'vitest'
import { API_BASE, leavesOf, ORIGIN, rewrite, rewritten, signed } from './place.ts'

const API = API_BASE
const OWN = `${ORIGIN}${API_BASE}`

/** [what, line before, line after]; each stands in a media playlist, one line below its head. */
const MEDIA_SITES: readonly (readonly [string, string, string])[] = [
  ['a segment', 'seg 1.ts', signed('seg 1.ts')],
  ['a segment with a query', 'seg1.ts?token=a&b=%20', signed('seg1.ts')],
  ['a segment with a fragment', 'seg1.ts?token=a#t=10', `${signed('seg1.ts')}#t=10`],
  ['a segment between spaces', ' \tseg1.ts \t', ` \t${signed('seg1.ts')} \t`],
  ['a tile of an image playlist', 'tiles/1.jpg', signed('tiles/1.jpg')],
  ['a segment of subtitles', 'subs/en-1.vtt', signed('subs/en-1.vtt')],
  [
    'an init section',
    '#EXT-X-MAP:URI="init.mp4",BYTERANGE="652@0"',
    `#EXT-X-MAP:URI="${signed('init.mp4')}",BYTERANGE="652@0"`,
  ],
  [
    'a key',
    '#EXT-X-KEY:METHOD=AES-128,URI="k.php?r=52",IV=0x9',
    `#EXT-X-KEY:METHOD=AES-128,URI="${API}k.php?r=52",IV=0x9`,
  ],
  [
    'a key in the identity format',
    '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="a.key",KEYFORMAT="identity"',
    `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="${API}a.key",KEYFORMAT="identity"`,
  ],
  [
    'a key whose URI lacks quotes',
    '#EXT-X-KEY:METHOD=AES-128,URI=a.key,IV=0x9',
    `#EXT-X-KEY:METHOD=AES-128,URI="${API}a.key",IV=0x9`,
  ],
  [
    'a part',
    '#EXT-X-PART:DURATION=0.3,URI="p 1.mp4",INDEPENDENT=YES',
    `#EXT-X-PART:DURATION=0.3,URI="${signed('p 1.mp4')}",INDEPENDENT=YES`,
  ],
  [
    'a hint of a part',
    '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p2.mp4",BYTERANGE-START=0',
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${signed('p2.mp4')}",BYTERANGE-START=0`,
  ],
  [
    'a hint of an init section',
    '#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="init.mp4"',
    `#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="${signed('init.mp4')}"`,
  ],
  ['a prefetched segment', '#EXT-X-PREFETCH:seg2.ts', `#EXT-X-PREFETCH:${signed('seg2.ts')}`],
  [
    'a rendition report',
    '#EXT-X-RENDITION-REPORT:URI="4M/media.m3u8",LAST-MSN=2',
    `#EXT-X-RENDITION-REPORT:URI="${API}4M/media.m3u8",LAST-MSN=2`,
  ],
  [
    'an interstitial',
    '#EXT-X-DATERANGE:ID="a",X-ASSET-URI="ads/1.m3u8",X-RESTRICT="JUMP,SKIP"',
    `#EXT-X-DATERANGE:ID="a",X-ASSET-URI="${OWN}ads/1.m3u8",X-RESTRICT="JUMP,SKIP"`,
  ],
  [
    'an asset list',
    '#EXT-X-DATERANGE:ID="a",X-ASSET-LIST="ads.json?b=1"',
    `#EXT-X-DATERANGE:ID="a",X-ASSET-LIST="${OWN}ads.json?b=1"`,
  ],
  [
    'a preload of one',
    '#EXT-X-DATERANGE:ID="a",CLASS="com.apple.hls.preload",X-URI="ads.json?b=1"',
    `#EXT-X-DATERANGE:ID="a",CLASS="com.apple.hls.preload",X-URI="${OWN}ads.json?b=1"`,
  ],
]

const MULTIVARIANT_SITES: readonly (readonly [string, string, string])[] = [
  ['a variant', '#EXT-X-STREAM-INF:BANDWIDTH=1\nv/720p.m3u8', `#EXT-X-STREAM-INF:BANDWIDTH=1\n${API}v/720p.m3u8`],
  [
    'a variant after comments and blank lines',
    '#EXT-X-STREAM-INF:BANDWIDTH=1\n# 720\n\n#EXT-X-Q\nv.m3u8',
    `#EXT-X-STREAM-INF:BANDWIDTH=1\n# 720\n\n#EXT-X-Q\n${API}v.m3u8`,
  ],
  [
    'a variant of any extension',
    '#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo.ts?a=b&c=%7E#f',
    `#EXT-X-STREAM-INF:BANDWIDTH=1\n${API}video.ts?a=b&c=%7E#f`,
  ],
  ['a stray URI line', 'stray.m3u8', `${API}stray.m3u8`],
  [
    'audio',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x,y",URI="a é.m3u8"',
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x,y",URI="${API}a%20%C3%A9.m3u8"`,
  ],
  [
    'subtitles',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,URI="s/en.m3u8",GROUP-ID="s"',
    `#EXT-X-MEDIA:TYPE=SUBTITLES,URI="${API}s/en.m3u8",GROUP-ID="s"`,
  ],
  [
    'subtitles that are a plain WebVTT file',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,URI="s/en.vtt?x",GROUP-ID="s"',
    `#EXT-X-MEDIA:TYPE=SUBTITLES,URI="${signed('s/en.vtt')}",GROUP-ID="s"`,
  ],
  [
    'trick play',
    '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="i.m3u8"',
    `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="${API}i.m3u8"`,
  ],
  [
    'thumbnails',
    '#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI="t.m3u8"',
    `#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI="${API}t.m3u8"`,
  ],
  [
    'a session key',
    '#EXT-X-SESSION-KEY:METHOD=AES-128,URI="k.php?r=52"',
    `#EXT-X-SESSION-KEY:METHOD=AES-128,URI="${API}k.php?r=52"`,
  ],
  [
    'chapters',
    '#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.chapters",URI="c.json"',
    `#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.chapters",URI="${API}c.json"`,
  ],
  [
    'other session data',
    '#EXT-X-SESSION-DATA:DATA-ID="com.example.lyrics",URI="l.json"',
    `#EXT-X-SESSION-DATA:DATA-ID="com.example.lyrics",URI="${API}l.json"`,
  ],
  [
    'raw session data',
    '#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.chapters",FORMAT=RAW,URI="c.bin"',
    `#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.chapters",FORMAT=RAW,URI="${signed('c.bin')}"`,
  ],
  [
    'content steering',
    '#EXT-X-CONTENT-STEERING:SERVER-URI="steer.json?v=1",PATHWAY-ID="A"',
    `#EXT-X-CONTENT-STEERING:SERVER-URI="${API}steer.json?v=1",PATHWAY-ID="A"`,
  ],
]

const MEDIA_HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n'
const MULTIVARIANT_HEAD = '#EXTM3U\n#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",INSTREAM-ID="CC1"\n'

describe('rewritePlaylist, site by site', () => {
  it.each(MEDIA_SITES)('rewrites %s', (_, before, after) => {
    expect(rewritten(`${MEDIA_HEAD}${before}\n#EXT-X-ENDLIST\n`)).toBe(`${MEDIA_HEAD}${after}\n#EXT-X-ENDLIST\n`)
  })

  it.each(MULTIVARIANT_SITES)('rewrites %s', (_, before, after) => {
    expect(rewritten(`${MULTIVARIANT_HEAD}${before}\n`)).toBe(`${MULTIVARIANT_HEAD}${after}\n`)
  })

  it.each([
    ['a foreign segment', 'https://cdn.example.net/a.ts?X-Amz-Signature=theirs'],
    ['a segment of another host without a scheme', '//cdn.example.net/a.ts'],
    ['an address of ours', `${OWN}video/720p.m3u8`],
    ['no key', '#EXT-X-KEY:METHOD=NONE'],
    ['a key inside the playlist', '#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain;base64,AAAA,=="'],
    ['a FairPlay key', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://12",KEYFORMAT="com.apple.streamingkeydelivery"'],
    [
      'a Widevine key',
      '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="data:text/plain;base64,AA==",KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"',
    ],
    ['a relative URI of a DRM system', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="twelve",KEYFORMAT="com.example.drm"'],
    ['a key elsewhere', '#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example.net/k?r=1"'],
    ['other attributes of a date range', '#EXT-X-DATERANGE:ID="a",X-URI="a.ts",X-COM-URI="b.ts",SCTE35-OUT=0xFC00'],
    [
      'a foreign interstitial',
      '#EXT-X-DATERANGE:ID="a",CLASS="com.apple.hls.interstitial",X-ASSET-URI="https://ads.example.net/1.m3u8"',
    ],
    ['a skipped part of an old playlist', '#EXT-X-SKIP:SKIPPED-SEGMENTS=3'],
    ['unknown tags', '#EXT-X-CUSTOM-URI:URI="a.ts"'],
    ['a comment that looks like a tag', '## EXT-X-MAP:URI="a.mp4"'],
    ['a gap, a cue and a bit rate', '#EXT-X-GAP\n#EXT-X-CUE-OUT:30\n#EXT-X-BITRATE:1'],
  ])('leaves %s byte for byte, and asks for no signature', (_, line) => {
    const text = `${MEDIA_HEAD}${line}\n#EXT-X-ENDLIST\n`
    expect(rewritten(text)).toBe(text)
    expect(leavesOf(text)).toEqual([])
  })

  it('leaves steering data inside the playlist and captions without a URI alone', () => {
    const text = `${MULTIVARIANT_HEAD}#EXT-X-CONTENT-STEERING:SERVER-URI="data:application/json,{}"\n#EXT-X-MEDIA:TYPE=AUDIO,URI=""\n`
    expect(rewritten(text)).toBe(text)
  })

  it('rewrites both when a tag says URI twice, as players disagree which one counts', () => {
    expect(rewritten(`${MEDIA_HEAD}#EXT-X-MAP:URI="a.mp4",URI="b.mp4"`)).toBe(
      `${MEDIA_HEAD}#EXT-X-MAP:URI="${signed('a.mp4')}",URI="${signed('b.mp4')}"`,
    )
  })

  it.each([
    's/en.srt',
    's/en.ttml',
    's/en.webvtt',
    'a/en.mp4',
    'a/en.aac',
    'a/en.M4A',
    'a/en.ac3',
    'a/en.cmfa',
    'v.1/en.ts',
  ])('F32: presigns a rendition that names the file itself: %s', (path) => {
    const tag = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="'
    expect(rewritten(`${MULTIVARIANT_HEAD}${tag}${path}?x=1"\n`)).toBe(`${MULTIVARIANT_HEAD}${tag}${signed(path)}"\n`)
  })

  it.each(['a/en.m3u8', 'a/en.M3U', 'a/en.php', 'a/en', 'a.mp4/en', 'a/en.json'])(
    'asks the API for any other rendition, which may be a playlist: %s',
    (path) => {
      const tag = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="'
      expect(rewritten(`${MULTIVARIANT_HEAD}${tag}${path}"\n`)).toBe(`${MULTIVARIANT_HEAD}${tag}${API}${path}"\n`)
    },
  )

  it('resolves against the folder of the playlist', () => {
    const text = `${MEDIA_HEAD}#EXT-X-MAP:URI="../init.mp4"\n1.m4s\n#EXT-X-KEY:METHOD=AES-128,URI="../k"\n`
    expect(rewritten(text, { path: 'video/720p.m3u8' })).toBe(
      `${MEDIA_HEAD}#EXT-X-MAP:URI="${signed('init.mp4')}"\n${signed('video/1.m4s')}\n#EXT-X-KEY:METHOD=AES-128,URI="${API}k"\n`,
    )
  })

  it('gives a key the same address in KEY and SESSION-KEY, whichever playlist names it', () => {
    const session = rewritten('#EXTM3U\n#EXT-X-SESSION-KEY:METHOD=AES-128,URI="keys/1?r=1"\n')
    const media = rewritten(`${MEDIA_HEAD}#EXT-X-KEY:METHOD=AES-128,URI="../keys/1?r=1"\n`, { path: 'v/720p.m3u8' })
    const address = /URI="[^"]*"/
    expect(media.match(address)?.[0]).toBe(`URI="${API}keys/1?r=1"`)
    expect(session.match(address)?.[0]).toBe(media.match(address)?.[0])
  })

  it('gives the preload of an interstitial the address of its target', () => {
    const text = rewritten(
      `${MEDIA_HEAD}#EXT-X-DATERANGE:ID="a",X-ASSET-LIST="l.json?a=1"\n#EXT-X-DATERANGE:ID="b",CLASS="com.apple.hls.preload",X-URI="./l.json?a=1"\n`,
    )
    expect([...text.matchAll(/"(https:[^"]*)"/g)].map((match) => match[1])).toEqual([
      `${OWN}l.json?a=1`,
      `${OWN}l.json?a=1`,
    ])
  })

  it('gives a file of byte ranges one URL throughout, and asks for it once', () => {
    const text = `${MEDIA_HEAD}#EXT-X-MAP:URI="v.mp4",BYTERANGE="9@0"\n#EXTINF:6,\n#EXT-X-BYTERANGE:5@9\nv.mp4\n#EXTINF:6,\n#EXT-X-BYTERANGE:5\n./v%2Emp4?x\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="v.mp4"\n`
    expect(leavesOf(text)).toEqual([{ name: 'v.mp4' }])
    expect(rewritten(text).split(signed('v.mp4'))).toHaveLength(5)
  })

  it.each([
    ['EXT-X-KEY', '#EXT-X-KEY:METHOD=AES-128', 'EXT-X-KEY has no URI'],
    ['EXT-X-PART', '#EXT-X-PART:DURATION=1', 'EXT-X-PART has no URI'],
    ['EXT-X-CONTENT-STEERING', '#EXT-X-CONTENT-STEERING:PATHWAY-ID="A"', 'EXT-X-CONTENT-STEERING has no SERVER-URI'],
    ['an open quote', '#EXT-X-MAP:URI="init.mp4', 'EXT-X-MAP has an unterminated quote'],
  ])('refuses %s without its URI, and says where', (_, line, reason) => {
    expect(rewrite(`${MEDIA_HEAD}${line}\n`)).toEqual({ ok: false, line: 3, reason })
  })

  it.each([
    ['a map that names nothing', '#EXT-X-MAP:BYTERANGE="1@0"'],
    ['a map without attributes', '#EXT-X-MAP'],
    ['a map of an empty name', '#EXT-X-MAP:URI=""'],
    ['a map of a blank name', '#EXT-X-MAP:URI=" "'],
    ['a hint that names nothing', '#EXT-X-PRELOAD-HINT:TYPE=PART'],
    ['session data with an open quote', '#EXT-X-SESSION-DATA:DATA-ID="a",URI="b'],
    ['a date range with an open quote', '#EXT-X-DATERANGE:ID="a",X-ASSET-URI="b'],
    ['a report of a blank name', '#EXT-X-RENDITION-REPORT:URI="  "'],
    ['captions', '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="en",INSTREAM-ID="CC1"'],
    ['captions that name a file', '#EXT-X-MEDIA:URI="../../x.vtt",TYPE=CLOSED-CAPTIONS'],
  ])('F30: leaves %s out of a media playlist, wherever it stands', (_, line) => {
    const segment = '#EXTINF:6,\na.ts\n'
    const signedSegment = `#EXTINF:6,\n${signed('a.ts')}\n`
    expect(rewritten(`${MEDIA_HEAD}${line}\n${segment}`)).toBe(MEDIA_HEAD + signedSegment)
    expect(rewritten(`${MEDIA_HEAD}${segment}${line}`)).toBe(MEDIA_HEAD + signedSegment)
    expect(rewritten(`#EXTM3U\r\n${line}\r\n${segment}`)).toBe(`#EXTM3U\r\n${signedSegment}`)
    expect(rewritten(`\uFEFF\n ${line}\n${segment}`)).toBe(signedSegment)
  })

  it('F30: keeps captions in a multivariant playlist, and lets no other rendition into a media playlist', () => {
    const text = `${MULTIVARIANT_HEAD}#EXT-X-STREAM-INF:BANDWIDTH=1\n`
    expect(rewritten(`${text}a.m3u8\n`)).toBe(`${text}${API}a.m3u8\n`)
    expect(rewrite(`${MEDIA_HEAD}#EXT-X-MEDIA:TYPE=SUBTITLES,URI="a.m3u8"\n`)).toMatchObject({ ok: false, line: 3 })
  })

  it('F30: leaves out a last EXT-X-STREAM-INF that no variant follows, but not the only one', () => {
    const variant = '#EXT-X-STREAM-INF:BANDWIDTH=1\n'
    const played = `#EXTM3U\n${variant}${API}a.m3u8\n`
    expect(rewritten(`#EXTM3U\n${variant}a.m3u8\n${variant}`)).toBe(played)
    expect(rewritten(`#EXTM3U\n${variant}a.m3u8\n${variant}# end\n\n`)).toBe(`${played}# end\n\n`)
    const reason = 'EXT-X-STREAM-INF has no URI line'
    expect(rewrite(`#EXTM3U\n${variant}`)).toEqual({ ok: false, line: 2, reason })
    expect(rewrite(`#EXTM3U\n${variant}${variant}a.m3u8\n`)).toEqual({ ok: false, line: 2, reason })
  })
})
