// Messages to the engine bent at random, from a seed, at the places where parsers are known to differ: charsets,
// boundaries, names, duplicates, line breaks, encodings. About half are such as a client would send. No Node, no DOM.
import { seededRandom } from './media-mutations.ts'

export interface HostileMessage {
  readonly contentType: string
  /** A byte a character. */
  readonly body: string
}

export interface VideoIds {
  /** Of the sender. */
  readonly own: string
  /** Of another user: no parser may find it in what crosses. */
  readonly foreign: string
}

/** Usually the first, sometimes one of the others. */
type Choose = <T>(usual: T, ...unusual: readonly T[]) => T

function chooser(seed: number, oddity: number): { choose: Choose; below: (limit: number) => number } {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const choose: Choose = (usual, ...unusual) => {
    const isUsual = unusual.length === 0 || random() >= oddity
    return isUsual ? usual : (unusual[below(unusual.length)] ?? usual)
  }
  return { choose, below }
}

const CHARSETS = ['utf-8', 'UTF8', 'utf-7', 'utf-8-sig', 'hz', 'iso-2022-jp', 'punycode', 'utf-16', 'ibm037', 'latin1']

export function* hostileForms(count: number, seed: number, ids: VideoIds): Generator<HostileMessage> {
  for (let index = 0; index < count; index++) {
    // Each message has its own share of oddities: few are refused for one thing, and many for three.
    yield hostileForm(seed * 1_000_003 + index, 0.02 + 0.06 * (index % 4), ids)
  }
}

function hostileForm(seed: number, oddity: number, { own, foreign }: VideoIds): HostileMessage {
  const { choose, below } = chooser(seed, oddity)
  const boundaries = ['b0', '----WebKitFormBoundary7MA4YWxk', '=====1==', "x'y(z)", 'a-b_c.d', 'b0--', '--', 'b:0/1?']
  const boundary = boundaries[below(boundaries.length)] ?? ''
  const crlf = choose('\r\n', '\n', '\r', '\r\n\r\n')

  const hidden = (): string =>
    `${choose('\r\n', '\n', '')}--${choose(boundary, `${boundary}x`, boundary.slice(0, -1))}\r\n` +
    `Content-Disposition: form-data; name="template_video_id"\r\n\r\n${foreign}`

  const value = (): string =>
    choose(
      below(6) === 0 ? foreign : own,
      '',
      `${own}-`,
      `${own}\r\n`,
      `\r\n${own}`,
      `${own}\0`,
      btoa(foreign),
      `\xef\xbb\xbf${own}`,
      `${own}${hidden()}`,
    )
  const content = (): string =>
    choose('film', '', '\r\n', 'a\r\n--', '\xff\xfe\0\r\n', hidden(), `x--${boundary}`, `\r\n--${boundary}--`, foreign)

  const name = (): string =>
    choose(
      ['file', 'note', 'template_video_id', 'video_id'][below(4)] ?? '',
      'TEMPLATE_VIDEO_ID',
      'templateVideoId',
      'template-video-id',
      'template_video_id[]',
      'template[video_id]',
      'template.video.id',
      'template_video_id ',
      'template_video_id\0',
      '+AHQ-emplate_video_id',
      'template%5Fvideo_id',
      'template\\_video_id',
      '=?utf-8?q?template=5Fvideo=5Fid?=',
      '_charset_',
      '__proto__',
      'note2',
    )
  const disposition = (written: string): string => {
    const file = choose('', ...FILE_NAMES, `; filename="a; name=template_video_id"`)
    return choose(
      `Content-Disposition: form-data; name="${written}"${file}`,
      `content-disposition:form-data;name="${written}"${file}`,
      `Content-Disposition: form-data; name=${written}${file}`,
      `Content-Disposition: form-data; name='${written}'`,
      `Content-Disposition : form-data; name="${written}"`,
      `Content-Disposition:\tform-data; name="${written}"`,
      `Content-Disposition: form-data;${crlf} name="${written}"`,
      `Content-Disposition: attachment; name="${written}"`,
      `Content-Disposition: form-data; name="${written}"; name="template_video_id"`,
      `Content-Disposition: form-data; name="note"; name*=utf-8''${written}`,
      `Content-Disposition: form-data${file}; name="${written}"`,
      `Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="${written}"`,
    )
  }
  const part = (): string => {
    const text = below(2) === 0 ? value() : content()
    const charset = CHARSETS[below(CHARSETS.length)]
    const extra = choose(
      '',
      '\r\nContent-Type: video/mp4',
      '\r\nContent-Type: application/octet-stream',
      `\r\nContent-Type: text/plain; charset=${charset}`,
      `\r\nContent-Type: text/plain; codecs="x; charset=${charset}"`,
      '\r\nContent-Type: multipart/mixed; boundary=c',
      '\r\nContent-Type: text/plain; name="template_video_id"',
      `\r\nContent-Transfer-Encoding: ${choose('8bit', 'binary', '7bit', 'base64', 'quoted-printable', 'utf-8')}`,
      `\r\nContent-Length: ${choose(text.length, 3, 1000)}`,
      '\r\nContent-Encoding: gzip',
      '\r\nX-Name: template_video_id',
      '\r\n folded',
      `\r\nNote: ${'x'.repeat(9000)}`,
    )
    return `${disposition(name())}${extra}${choose('\r\n\r\n', '\n\n', '\r\n', '\r\n \r\n')}${text}`
  }

  const parts = Array.from({ length: 1 + below(3) }, part)
  const line = choose(`--${boundary}`, `--${boundary} `, `--${boundary}\t`, `-${boundary}`)
  const delimited = parts.map((text) => `${line}${crlf}${text}${choose('\r\n', '\n', '', '\r')}`).join('')
  const end = choose(`--${boundary}--\r\n`, `--${boundary}--`, `--${boundary}`, '', `--${boundary}-`)
  const epilogue = choose('', '\r\n', 'x', hidden(), `\r\n${delimited}`)
  const body = choose('', '\r\n', 'preamble\r\n', `${hidden()}\r\n`) + delimited + end + epilogue

  const charset = CHARSETS[below(CHARSETS.length)]
  const quoted = `"${boundary}"`
  const contentType = choose(
    `multipart/form-data; boundary=${quoted}`,
    `multipart/form-data; boundary=${boundary}`,
    `Multipart/Form-Data;boundary=${quoted};charset=utf-8`,
    `multipart/form-data; boundary=${quoted}; charset=${charset}`,
    `multipart/form-data; charset=${charset}; boundary=${quoted}`,
    `multipart/form-data; boundary=${boundary},y`,
    `multipart/form-data; boundary="${boundary} "`,
    `multipart/form-data; boundary=${quoted}; boundary=c`,
    `multipart/form-data; boundary=c; boundary=${quoted}`,
    `multipart/form-data; boundary*=utf-8''${boundary}`,
    `multipart/mixed; boundary=${quoted}`,
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  )
  return { contentType, body: bend(body, below, oddity) }
}

const FILE_NAMES = [
  '; filename="film.mp4"',
  '; filename="a;b.mp4"',
  '; filename=film.mp4',
  '; filename=""',
  `; filename="\xc3\xa4.mp4"`,
  '; filename="\xff.mp4"',
  '; filename="a\\"b.mp4"',
  "; filename=film.mp4; filename*=utf-8''film.mp4",
  "; filename=film.mp4; filename*=utf-8''other.mp4",
  "; filename*=utf-8''film.mp4",
  '; size=4',
]

/** Sometimes one byte is changed, gone or doubled, or two neighbours change places. */
function bend(body: string, below: (limit: number) => number, oddity: number): string {
  if (below(1000) >= oddity * 500) return body
  const at = below(body.length)
  const odd = '\r\n\0-"; =:+\t\xff'
  const byte = odd[below(odd.length)] ?? ''
  const [before, after] = [body.slice(0, at), body.slice(at)]
  const kinds = [
    before + byte + after.slice(1),
    before + after.slice(1),
    before + byte + after,
    before + after[0] + after,
  ]
  return kinds[below(kinds.length)] ?? body
}

export function* hostileJson(count: number, seed: number, ids: VideoIds): Generator<HostileMessage> {
  for (let index = 0; index < count; index++) {
    yield hostileJsonMessage(seed * 1_000_003 + index, 0.02 + 0.05 * (index % 4), ids)
  }
}

function hostileJsonMessage(seed: number, oddity: number, { own, foreign }: VideoIds): HostileMessage {
  const { choose, below } = chooser(seed, oddity)
  const space = (): string => choose('', ' ', '\r\n\t', '\x0b', '\xc2\xa0', '/* */')
  const unicode = (text: string): string =>
    text.replace(/[a-z_]/, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const name = (): string => {
    const member = ['video_id', 'template_video_id', 'config', 'note'][below(4)] ?? ''
    return choose(
      member,
      unicode(member),
      member.toUpperCase(),
      member.replaceAll('_', '-'),
      `${member} `,
      `${member}[]`,
      `${member}\\u0000`,
      `${member}\\ud800`,
      member.replace('i', '\xc4\xb1'),
      'videoId',
      '__proto__',
      'constructor',
      'prototype',
      '10',
      '',
    )
  }
  const text = (): string =>
    choose(
      below(6) === 0 ? foreign : own,
      unicode(own),
      'x+ACI-,+ACI-video_id+ACI-:+ACI-y',
      '\xc3\xa4\xe6\xbc\xa2\xf0\x9f\x8e\xac',
      '\\ud83c\\udfac',
      '\\ud83c',
      '\\u0000',
      '\xff',
      '\t',
      '\\"',
      '\\\\',
    )
  const number = (): string =>
    choose(
      String(below(1000)),
      '1.50',
      '1e2',
      '0.10000000000000001',
      '9007199254740993',
      '12345678901234567890',
      '1e400',
      '1e-400',
      '-0',
      '1e21',
      '01',
      '+1',
      '.5',
      'NaN',
      'Infinity',
      '0x10',
    )
  const value = (depth: number): string => {
    if (depth > 3) return number()
    const kind = below(6)
    if (kind === 0) return object(depth + 1)
    if (kind === 1) return `[${space()}${Array.from({ length: below(3) }, () => value(depth + 1)).join(',')}]`
    if (kind === 2) return number()
    return choose(`"${text()}"`, 'null', 'true', 'undefined', `'${text()}'`, '['.repeat(100) + ']'.repeat(100))
  }
  const object = (depth: number): string => {
    const members = Array.from(
      { length: 1 + below(3) },
      () => `${space()}"${name()}"${space()}:${space()}${value(depth)}`,
    )
    return `{${members.join(',')}${choose('', ',')}${space()}}`
  }

  const charset = CHARSETS[below(CHARSETS.length)]
  const contentType = choose(
    'application/json',
    'application/json; charset=utf-8',
    `application/json; charset=${charset}`,
    `application/json; charset="${charset}"`,
    `application/json; charset=utf-8; charset=${charset}`,
    `application/json; charset=utf-8, application/json; charset=${charset}`,
    `application/json; boundary=x; charset=${charset}`,
    'application/x-www-form-urlencoded',
    'text/json',
  )
  const whole = object(0)
  const body = choose(
    whole,
    `\xef\xbb\xbf${whole}`,
    `${whole}${whole}`,
    `${whole}\0`,
    `[${whole}]`,
    whole.replace(/[^]/g, (unit) => `${unit}\0`),
  )
  return { contentType, body: bend(body, below, oddity) }
}

export function bytesOf(body: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(body, (character) => character.charCodeAt(0))
}
