// Subtitles of every origin → WebVTT that shows what was meant.
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAss } from '../../../src/cli/upload/subtitles/ass.ts'
import { shownTime } from '../../../src/cli/upload/probe/clock.ts'
import { writeCues } from '../../../src/core/packaging/cues.ts'
import { parseSubRip } from '../../../src/core/packaging/subrip.ts'
import { convertSubtitles, formatOf, writeSubtitles } from '../../../src/cli/upload/subtitles/subtitles.ts'
import { decodeText } from '../../../src/cli/upload/subtitles/text-encoding.ts'
import { repairWebVtt } from '../../../src/core/packaging/webvtt-repair.ts'
import { subtitleTrack } from '../../support/probed-film.ts'
import { hasFfmpeg } from '../../support/programs.ts'
import { countLooks } from '../../support/counted-looks.ts'

const times = '00:00:01,000 --> 00:00:02,500'
const oneSubRip = (text: string): string | undefined => parseSubRip(`1\n${times}\n${text}\n`).cues[0]?.text

describe('parseSubRip', () => {
  it.each([
    ['an arrow', 'go --> there', 'go --&gt; there'],
    ['brackets and ampersands', '5 < 6 & 7 > 2, <sighs>', '5 &lt; 6 &amp; 7 &gt; 2, &lt;sighs&gt;'],
    ['an entity', 'you &amp; me &lt;3 &#233;', 'you &amp; me &lt;3 é'],
    ['an entity of no character', '&#55296; &#1114112; &nix;', '&amp;#55296; &amp;#1114112; &amp;nix;'],
    ['styles that are not nested', '<b>a<I>b</b>c</I>', '<b>a<i>b</i></b><i>c</i>'],
    ['styles that never end', '<u>a', '<u>a</u>'],
    ['styles that never began', 'a</i>', 'a'],
    ['styles of nothing', '<i> </i><b></b>a', '<i> </i>a'],
    ['styles on lines of their own', '<i>\n<b> \na\n</b>\n</i>', '<i><b>a</b></i>'],
    ['a font', '<font color="#ff0000">a</font>', 'a'],
    ['ASS in it', '{\\i1}a{\\b0}', 'a'],
    ['a blank line in it', 'a\n \nb', 'a\nb'],
    ['a line break as a tag', 'a<br />b', 'a\nb'],
    ['a time of day', '10:20 --> 10:30', '10:20 --&gt; 10:30'],
  ])('F39: keeps what is read: %s', (_, text, expected) => expect(oneSubRip(text)).toBe(expected))

  it.each([
    ['no numbers', `${times}\na\n\n00:00:03,000 --> 00:00:04,000\nb\n`],
    ['no blank lines', `1\n${times}\na\n2\n00:00:03,000 --> 00:00:04,000\nb`],
    ['old Macintosh lines', `1\r${times}\ra\r\r2\r00:00:03,000 --> 00:00:04,000\rb\r`],
    ['points for commas and no spaces', '1\n0:0:1.0-->0:0:2.5\na\n\n2\n00:00:03.000-->00:00:04.000\nb\n'],
    ['places in pixels', `1\n${times} X1:1 X2:2\na\n\n2\n00:00:03,000 --> 00:00:04,000 X1:1\nb\n`],
    ['no fractions', '1\n00:00:01 --> 00:00:02,500\na\n\n2\n00:00:03 --> 00:00:04\nb\n'],
  ])('reads a file with %s', (_, text) => {
    expect(parseSubRip(text)).toEqual({
      cues: [
        { startMs: 1000, endMs: 2500, text: 'a', settings: '' },
        { startMs: 3000, endMs: 4000, text: 'b', settings: '' },
      ],
      unusable: 0,
    })
  })

  it('keeps a number that is said', () => {
    expect(
      parseSubRip(`1\n${times}\n42\n\n2\n00:00:03,000 --> 00:00:04,000\n43\n`).cues.map(({ text }) => text),
    ).toEqual(['42', '43'])
  })

  it('counts cues without a duration, and looks at a long file as often a character as at a short one', () => {
    const line = '1\n00:00:02,000 --> 00:00:01,000\na\n\n'
    const looks = (count: number): number =>
      countLooks(() => expect(parseSubRip(line.repeat(count))).toEqual({ cues: [], unusable: count })) / count
    expect(looks(8000)).toBeLessThan(1.5 * looks(1000))
  })

  it('places at the top what stands there', () => {
    expect(parseSubRip(`1\n${times}\n{\\an8}a\n`).cues[0]).toMatchObject({ text: 'a', settings: 'line:0' })
  })
})

const same = (seconds: number): number => seconds

const ASS_HEAD = `[V4+ Styles]
Format: Name, Bold, Italic, Alignment
Style: Default,-1,0,2
Style: Sign,0,-1,8

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`
const dialogue = (text: string, style = 'Default'): string =>
  `Dialogue: 0,0:00:01.00,0:00:02.50,${style},,0,0,0,,${text}\n`
const oneAss = (text: string, style?: string) => parseAss(ASS_HEAD + dialogue(text, style))

describe('parseAss', () => {
  it.each([
    ['a drawing', '{\\p1}m 0 0 l 100 0 100 100{\\p0}'],
    ['a drawing that never ends', '{\\pos(3,4)\\p4\\bord0}m 0 0 b 1 2 3 4 5 6'],
  ])('F39: leaves out %s and counts it', (_, text) => {
    expect(oneAss(text)).toEqual({ cues: [], drawings: 1, unusable: 0 })
  })

  it.each([
    ['beside a drawing', '{\\p1}m 0 0 l 9 9{\\p0}text', 'text'],
    ['after pbo and pos, which are no drawings', '{\\pbo3\\pos(1,2)}text', 'text'],
    ['an arrow, brackets, commas', 'a, b --> <c> & d', 'a, b --&gt; &lt;c&gt; &amp; d'],
    ['lines and spaces', 'a\\Nb\\nc\\hd', 'a\nb c\u00A0d'],
    ['braces', 'a \\{b\\} {note}c', 'a {b} c'],
    ['a brace that never closes', 'a {b', 'a {b'],
    ['italics in the line', 'a {\\i1}b{\\i0} c', 'a <i>b</i> c'],
    ['bold by weight', '{\\b700}a{\\b0}b', '<b>a</b>b'],
    ['no italics by blur or border', '{\\blur2\\bord3\\iclip(1,2,3,4)}a', 'a'],
  ])('F39: keeps what is read: %s', (_, text, expected) => {
    expect(oneAss(text).cues.map((cue) => cue.text)).toEqual([expected])
  })

  it('knows a style’s italics and place, and what the line says against it', () => {
    expect(oneAss('a', 'Sign').cues[0]).toMatchObject({ text: '<i>a</i>', settings: 'line:0' })
    expect(oneAss('{\\an2\\i0}a', '*Sign').cues[0]).toMatchObject({ text: 'a', settings: '' })
    expect(oneAss('{\\a10}a').cues[0]).toMatchObject({ settings: 'line:50%' })
  })

  it('reads the places of the older format', () => {
    const old = '[V4 Styles]\nFormat: Name, Alignment\nStyle: Top,6\n[Events]\nFormat: Start, End, Style, Text\n'
    expect(parseAss(`${old}Dialogue: 0:00:01.00,0:00:02.00,Top,a, b`).cues).toEqual([
      { startMs: 1000, endMs: 2000, text: 'a, b', settings: 'line:0' },
    ])
  })

  it('shows once what layers repeat, and no comments', () => {
    expect(
      parseAss(ASS_HEAD + dialogue('a') + dialogue('{\\bord3}a') + 'Comment: 0,0:00:01.00,0:00:02.00,,,,,,,x').cues,
    ).toHaveLength(1)
  })
})

describe('repairWebVtt', () => {
  it('F39: takes no text for times, and nothing from another stream’s clock', () => {
    const source =
      '\uFEFFWEBVTT - a title\r\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n' +
      'one\r\n00:01.000 --> 00:02.000 align:left\r\n<v Ann>go --> there\r\n\r\n0:00:03,5 --> 0:00:04,000\r\nb\r\n'
    expect(repairWebVtt(source, same)).toBe(
      'WEBVTT\n\nSTYLE\n::cue { color: red }\n\none\n00:00:01.000 --> 00:00:02.000 align:left\n<v Ann>go --&gt; there\n\n' +
        '00:00:03.500 --> 00:00:04.000\nb\n',
    )
  })

  it('keeps a cue that stands in the header, and gives a header to what has none', () => {
    const cue = '00:00:01.000 --> 00:00:02.000\na\n'
    expect(repairWebVtt(`WEBVTT\n${cue}`, same)).toBe(`WEBVTT\n\n${cue}`)
    expect(repairWebVtt(cue, same)).toBe(`WEBVTT\n\n${cue}`)
    expect(repairWebVtt('WEBVTT', same)).toBe('WEBVTT\n\n\n')
  })
})

describe('writeCues', () => {
  it('is in the order of beginnings', () => {
    const cue = { text: 'a', settings: '' }
    expect(
      writeCues([
        { ...cue, startMs: 3_600_000, endMs: 3_601_000 },
        { ...cue, startMs: 5, endMs: 10, settings: 'line:0' },
      ]),
    ).toBe('WEBVTT\n\n00:00:00.005 --> 00:00:00.010 line:0\na\n\n01:00:00.000 --> 01:00:01.000\na\n')
  })
})

const clock = { startSeconds: 0, jumps: [] }
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('decodeText', () => {
  it.each<[string, Buffer, string | undefined, string, string]>([
    ['UTF-8', Buffer.from('Grüße €'), undefined, 'Grüße €', 'utf-8'],
    ['UTF-8 with a mark', Buffer.from('\uFEFFGrüße'), 'ru', 'Grüße', 'utf-8'],
    ['UTF-16 with a mark', Buffer.from('\uFEFF1\r\nПривет', 'utf16le'), undefined, '1\r\nПривет', 'utf-16le'],
    ['UTF-16, big end first', Buffer.from('\uFEFFПривет', 'utf16le').swap16(), undefined, 'Привет', 'utf-16be'],
    [
      'UTF-16 without a mark',
      Buffer.from(`1\r\n${times}\r\n漢字`, 'utf16le'),
      undefined,
      `1\r\n${times}\r\n漢字`,
      'utf-16le',
    ],
    [
      'the same, big end first',
      Buffer.from(`1\r\n${times}\r\nя`, 'utf16le').swap16(),
      'ru',
      `1\r\n${times}\r\nя`,
      'utf-16be',
    ],
    ['Latin-1', bytesOf('Gr\xfc\xdfe'), 'de-AT', 'Grüße', 'windows-1252'],
    ['Latin-1 of no language', bytesOf('d\xe9j\xe0'), undefined, 'déjà', 'windows-1252'],
    ['Russian', bytesOf('\xcf\xf0\xe8\xe2\xe5\xf2'), 'ru', 'Привет', 'windows-1251'],
    ['Polish', bytesOf('\xbf\xf3\xb3w'), 'pl', 'żółw', 'windows-1250'],
    ['Japanese', bytesOf('\x93\xfa\x96\x7b'), 'ja', '日本', 'shift_jis'],
    [
      'mostly UTF-8',
      Buffer.concat([Buffer.from('é'.repeat(20)), Buffer.from([0xe9])]),
      'ru',
      `${'é'.repeat(20)}\uFFFD`,
      'utf-8',
    ],
  ])('F39: reads %s', (_, bytes, language, text, encoding) => {
    expect(decodeText(bytes, { language })).toMatchObject({ text, encoding })
  })

  it('F39: believes what the person says of what is not Unicode, and says when it guessed', () => {
    expect(decodeText(bytesOf('\xcf'), { language: 'de', encoding: 'windows-1251' })).toEqual({
      text: 'П',
      encoding: 'windows-1251',
      isGuess: false,
    })
    for (const text of ['\uFEFFя', 'я']) {
      expect(decodeText(Buffer.from(text), { encoding: 'windows-1251' })).toMatchObject({ text: 'я' })
    }
    expect(decodeText(bytesOf('\xe9'))).toMatchObject({ isGuess: true })
    expect(decodeText(Buffer.from('é'))).toMatchObject({ isGuess: false })
  })
})

describe('convertSubtitles', () => {
  it('F39: says what it leaves out', () => {
    const drawing = dialogue('{\\p1}m 0 0{\\p0}')
    const { leftOut } = convertSubtitles(`${ASS_HEAD}${drawing}${drawing}`, 'ass')
    expect(leftOut).toEqual(['2 drawings, which no text can show'])
    expect(convertSubtitles('1\n00:00:02,000 --> 00:00:01,000\na\n', 'srt').leftOut).toEqual([
      '1 cue that ends before beginning',
    ])
  })
})

describe('the time of subtitles', () => {
  // Ten minutes were taken out at the tenth second, of a film whose clock begins with five.
  const jumps = [{ atSeconds: 15, seconds: 600 }]
  const shown = (seconds: number): number => shownTime(seconds, { startSeconds: 5, jumps })
  const cue = (from: string, to: string, text: string): string => `${from} --> ${to}\n${text}\n\n`
  const cues = [
    cue('00:00:01.000', '00:00:02.000', 'before'),
    cue('00:00:04.000', '00:00:06.000', 'into'),
    cue('00:00:14.000', '00:05:00.000', 'to the jump'),
    cue('00:05:00.000', '00:05:01.000', 'in it'),
    cue('00:10:16.000', '00:10:17.000', 'after'),
  ].join('')

  it('F43: is that of the film, whatever was taken out of it', () => {
    expect(convertSubtitles(cues, 'srt', shown)).toEqual({
      webVtt: `WEBVTT\n\n${cue('00:00:00.000', '00:00:01.000', 'into')}${cue('00:00:09.000', '00:00:10.000', 'to the jump')}${cue('00:00:11.000', '00:00:12.000', 'after').trimEnd()}\n`,
      leftOut: ['2 cues of a time that the film does not have'],
    })
    expect(convertSubtitles(`WEBVTT\n\n${cues}`, 'webvtt', shown).webVtt).toContain(
      '00:00:11.000 --> 00:00:12.000\nafter',
    )
  })
})

describe('formatOf', () => {
  it.each([
    ['WEBVTT\n\n', 'webvtt'],
    ['\uFEFFWEBVTT - title\n', 'webvtt'],
    ['[Script Info]\nTitle: a', 'ass'],
    [`${ASS_HEAD}${dialogue('a')}`, 'ass'],
    [`1\n${times}\na\n`, 'srt'],
    [`1\n${times}\nWEBVTT\n`, 'srt'],
    ['', 'srt'],
  ])('F43: of %j is %s', (text, format) => expect(formatOf(text)).toBe(format))
})

describe.skipIf(!hasFfmpeg)('writeSubtitles (skipped where ffmpeg is missing)', { timeout: 60_000 }, () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-subtitles-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=5:d=3']

  async function wordsOf(film: string, codec: string, language: string | undefined, startSeconds = 0) {
    const notices: string[] = []
    const track = subtitleTrack({ index: 1, codec, language })
    const words = join(folder, `${film}.vtt`)
    await writeSubtitles(
      {
        source: join(folder, film),
        track,
        name: 'Deutsch',
        clock: { startSeconds, jumps: [] },
        startSeconds: 0,
        onNotice: (sentence) => notices.push(sentence),
      },
      words,
      {},
    )
    return { text: await readFile(words, 'utf8'), notices }
  }

  it('F39: carries a Latin-1 track of a Matroska film, arrows and all', async () => {
    await writeFile(join(folder, 'a.srt'), bytesOf(`1\n${times}\n<i>Gr\xfc\xdfe</i> --> Welt\n`))
    const inputs = [...picture, '-i', join(folder, 'a.srt')]
    const maps = ['-map', '0', '-map', '1', '-c:s', 'copy']
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...maps, join(folder, 'a.mkv')])
    const { text, notices } = await wordsOf('a.mkv', 'subrip', 'de')
    expect(text).toBe(
      'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:00:01.000 --> 00:00:02.500\n<i>Grüße</i> --&gt; Welt\n',
    )
    expect(notices).toEqual(['Subtitles Deutsch: not UTF-8, read as windows-1252.'])
  })

  it('F39: carries a Latin-1 track of an MP4 film', async () => {
    await writeFile(join(folder, 'b.srt'), `1\n${times}\nGr@@e --> Welt\n`)
    const inputs = [...picture, '-i', join(folder, 'b.srt')]
    const maps = ['-map', '0', '-map', '1', '-c:s', 'mov_text']
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...maps, join(folder, 'b.mp4')])
    const film = await readFile(join(folder, 'b.mp4'))
    Buffer.from([0xfc, 0xdf]).copy(film, film.indexOf('Gr@@e') + 2)
    await writeFile(join(folder, 'b.mp4'), film)
    const { text, notices } = await wordsOf('b.mp4', 'mov_text', 'de')
    expect(text).toContain('00:00:01.000 --> 00:00:02.500\nGrüße --&gt; Welt\n')
    expect(notices).toEqual(['Subtitles Deutsch: not UTF-8, read as windows-1252.'])
  })

  it('F43: counts by the film’s own clock, wherever that begins', async () => {
    await writeFile(join(folder, 'd.srt'), `1\n${times}\na\n`)
    const inputs = [...picture, '-i', join(folder, 'd.srt'), '-map', '0', '-map', '1', '-c:s', 'copy']
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, '-output_ts_offset', '5', join(folder, 'd.mkv')])
    expect((await wordsOf('d.mkv', 'subrip', 'de', 5)).text).toContain('00:00:01.000 --> 00:00:02.500\na\n')
  })

  it('F43: reads a file beside the film, whatever it is called and in', async () => {
    const path = join(folder, 'film.ru.vtt')
    const file = { name: 'film.ru.vtt', path, sizeBytes: 1, modifiedMs: 1 }
    const track = subtitleTrack({ index: undefined, file, codec: 'text' })
    const notices: string[] = []
    const order = {
      source: 'film.mp4',
      track,
      name: 'Russian',
      clock,
      startSeconds: 0,
      onNotice: (s: string) => notices.push(s),
    }
    await writeFile(path, bytesOf(`1\n${times}\n\xcf\xf0\xe8\xe2\xe5\xf2 --> !\n`))
    await writeSubtitles({ ...order, encoding: 'windows-1251' }, join(folder, 'ru.vtt'), {})
    expect(await readFile(join(folder, 'ru.vtt'), 'utf8')).toContain('00:00:01.000 --> 00:00:02.500\nПривет --&gt; !\n')
    expect(notices).toEqual([])
    await writeFile(path, 'WEBVTT\n\n00:00.000 --> 00:05.000\nsprite.jpg#xywh=0,0,160,90\n')
    await writeSubtitles(order, join(folder, 'ru.vtt'), {})
    expect(notices).toEqual([
      'Subtitles Russian: left out its pictures.',
      'Subtitles Russian: left out, for there is no text in them.',
    ])
  })

  it('F39: says that a track of drawings alone is left out', async () => {
    await writeFile(
      join(folder, 'c.ass'),
      `[Script Info]\nScriptType: v4.00+\n\n${ASS_HEAD}${dialogue('{\\p1}m 0 0{\\p0}')}`,
    )
    const inputs = [...picture, '-i', join(folder, 'c.ass')]
    const maps = ['-map', '0', '-map', '1', '-c:s', 'copy']
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...maps, join(folder, 'c.mkv')])
    const { text, notices } = await wordsOf('c.mkv', 'ass', undefined)
    expect(text).not.toContain('-->')
    expect(notices).toEqual([
      'Subtitles Deutsch: left out 1 drawing, which no text can show.',
      'Subtitles Deutsch: left out, for there is no text in them.',
    ])
  })
})
