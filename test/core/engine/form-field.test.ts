// The reader of an upload's form, in chunks of every size.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../../src/core/engine/form-field.ts'

const FIELD = 'template_video_id'

const part = (headers: string, value: string) => `--b0\r\n${headers}\r\n\r\n${value}\r\n`
const disposition = (name: string) => `Content-Disposition: form-data; name=${name}`
const field = (name: string, value: string) => part(disposition(name), value)
const FILE_HEADERS = 'Content-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: video/mp4'
const FILE = part(FILE_HEADERS, 'ab\r\n-c')
const OWN = field(`"${FIELD}"`, 'vid_1')
const END = '--b0--\r\n'

/** The videos that are named, or why the form is refused, when the body comes in chunks of this many bytes. */
function read(body: string, chunkBytes = body.length): readonly string[] | string {
  const form = readForm('b0')
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0))
  const videoIds: string[] = []
  let refusal: string | undefined
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const found = form.push(bytes.slice(start, start + chunkBytes))
    if (refusal !== undefined) expect(found, 'is refused for good').toEqual({ ok: false, detail: refusal })
    if (found.ok) videoIds.push(...found.videoIds)
    else refusal = found.detail
  }
  const last = form.end()
  return last.ok ? videoIds : last.detail
}

describe('readForm', () => {
  it.each([
    ['no such field', FILE + END, []],
    ['before the file', OWN + FILE + END, ['vid_1']],
    ['after the file', FILE + OWN + END, ['vid_1']],
    ['without quotes', field(FIELD, 'vid_1') + END, ['vid_1']],
    ['the other video too', field('video_id', 'vid_0') + FILE + OWN + END, ['vid_0', 'vid_1']],
    ['empty', field(`"${FIELD}"`, '') + END, []],
    ['without the last line break', FILE + OWN + END.trimEnd(), ['vid_1']],
    ['only in the file', part(FILE_HEADERS, `\r\n${disposition(`"${FIELD}"`)}\r\n\r\nvid_2\r\n--`) + END, []],
    ['as another’s value', field('"note"', FIELD) + END, []],
    ['with a length that is right', part(`${disposition(FIELD)}\r\nContent-Length: 5`, 'vid_1') + END, ['vid_1']],
    ['with a type', part(`Content-Type: text/plain; charset=UTF-8\r\n${disposition(FIELD)}`, 'vid_1') + END, ['vid_1']],
    [
      'with an encoding that changes nothing',
      part(`${disposition(FIELD)}\r\nContent-Transfer-Encoding: 8bit`, 'vid_1') + END,
      ['vid_1'],
    ],
  ])('finds the field %s, whatever the chunks', (_case, body, videoIds) => {
    for (let chunkBytes = 1; chunkBytes <= body.length; chunkBytes++) {
      expect(read(body, chunkBytes), `chunks of ${chunkBytes}`).toEqual(videoIds)
    }
  })

  it.each([
    ['curl', FILE_HEADERS],
    [
      'a browser',
      'Content-Disposition: form-data; name="file"; filename="Ä %22film%22; final.mp4"\r\nContent-Type: video/mp4',
    ],
    [
      'a recording',
      'Content-Disposition: form-data; name="file"; filename="blob"\r\nContent-Type: video/webm;codecs=vp9,opus',
    ],
    [
      'undici',
      'Content-Disposition: form-data; name="file"; filename="film=1.mp4"\r\nContent-Type: application/octet-stream',
    ],
    ['Python requests', 'Content-Disposition: form-data; name="file"; filename="film.mp4"'],
    [
      '.NET',
      "Content-Type: video/mp4\r\nContent-Disposition: form-data; name=file; filename=film.mp4; filename*=utf-8''film.mp4",
    ],
    [
      'Java',
      'Content-Disposition: form-data; name="file"; filename="film.mp4"\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: binary',
    ],
    [
      'OkHttp',
      'Content-Disposition: form-data; name="file"; filename="film.mp4"\r\nContent-Type: video/mp4\r\nContent-Length: 4',
    ],
  ])('takes the headers that %s writes', (_client, headers) => {
    expect(read(part(utf8(headers), 'film') + OWN + END)).toEqual(['vid_1'])
  })

  const STRAY = 'body: must not hold its boundary but between its parts'
  const OPEN = 'body: must end with its closing boundary'
  const LINES = `body: a part's headers must be "Name: value" lines`
  const UNUSUAL = (header: string) => `body: a part's ${header} is not one that every parser reads alike`
  const NAMES = 'body: must spell video_id and template_video_id in no other way'

  it.each([
    ['nothing', '', OPEN],
    ['a preamble', `preamble\r\n${OWN}${END}`, 'body: must begin with its boundary'],
    ['a break before it', `\r\n${OWN}${END}`, 'body: must begin with its boundary'],
    ['a boundary that never comes', 'film', 'body: must begin with its boundary'],
    ['no part', END, STRAY],
    ['no end', FILE + OWN.slice(0, -2), OPEN],
    ['half an end', `${FILE}--b0-`, OPEN],
    ['half a last line break', `${OWN}--b0--\r`, OPEN],
    ['an epilogue', `${OWN}${END}x`, OPEN],
    ['a second line break', `${OWN}${END}\r\n`, OPEN],
    ['a field after the end', `${FILE}${END}${OWN}${END}`, OPEN],
    ['the field twice', OWN + FILE + field(FIELD, 'vid_2') + END, `${FIELD}: is given more than once`],
    ['another field twice', field('"note"', '1') + FILE + field('NOTE', '2') + END, 'NOTE: is given more than once'],
    ['the boundary inside a line', part(FILE_HEADERS, 'x--b0y') + OWN + END, STRAY],
    [
      'the boundary behind a line feed',
      part(FILE_HEADERS, `x\n--b0\r\n${disposition(FIELD)}\r\n\r\nvid_2`) + END,
      STRAY,
    ],
    ['the boundary behind a return', part(FILE_HEADERS, 'x\r--b0\r\n') + END, STRAY],
    ['the boundary with more behind it', part(FILE_HEADERS, 'x\r\n--b0x') + END, STRAY],
    ['a padded boundary', `--b0 \r\n${disposition(FIELD)}\r\n\r\nvid_1\r\n--b0--`, STRAY],
    ['a padded boundary later', `${FILE}--b0\t\r\n${disposition(FIELD)}\r\n\r\nvid_1\r\n--b0--`, STRAY],
    ['a boundary and a line feed', `${FILE}--b0\n${disposition(FIELD)}\r\n\r\nvid_1\r\n--b0--`, STRAY],
    ['the boundary right behind the headers', `--b0\r\n${disposition('"note"')}\r\n\r\n--b0--`, STRAY],
    [
      'the boundary in a header',
      part('Content-Disposition: form-data; name="file"; filename="--b0"', 'x') + END,
      STRAY,
    ],
    ['breaks of LF only', `--b0\n${disposition(FIELD)}\n\nvid_1\n--b0--`, STRAY],
    ['a bare LF in the headers', part(`${disposition('a')}\n\n${disposition(FIELD)}`, 'vid_1') + END, LINES],
    ['a bare CR in the headers', part(`${disposition('a')}\r${disposition(FIELD)}`, 'vid_1') + END, LINES],
    ['a folded header', part(`Content-Disposition: form-data;\r\n name=${FIELD}`, 'vid_1') + END, LINES],
    ['a blank before the colon', part(`Content-Disposition : form-data; name=${FIELD}`, 'vid_1') + END, LINES],
    ['a tab behind the colon', part(`Content-Disposition:\tform-data; name=${FIELD}`, 'vid_1') + END, LINES],
    ['a blank at the end of a header', part(`${disposition(FIELD)} `, 'vid_1') + END, LINES],
    ['a NUL in a header', part(`${disposition('a')}\0; name=${FIELD}`, 'vid_1') + END, LINES],
    ['no headers', '--b0\r\n\r\nvid_1\r\n--b0--', OPEN],
    ['headers that never end', `--b0\r\n${'X: y\r\n'.repeat(3000)}`, "body: a part's headers must be under 8192 bytes"],
    [
      'a header of another kind',
      part(`${disposition('a')}\r\nX-Name: ${FIELD}`, 'x') + END,
      expect.stringContaining("body: a part's headers must be among content-disposition"),
    ],
    [
      'a header named like a method',
      part(`${disposition('a')}\r\nconstructor: x`, 'x') + END,
      expect.stringContaining("body: a part's headers must be among content-disposition"),
    ],
    [
      'a compressed part',
      part(`${FILE_HEADERS}\r\nContent-Encoding: gzip`, 'x') + END,
      expect.stringContaining("body: a part's headers must be among content-disposition"),
    ],
    ['no disposition', part('Content-Type: text/plain', 'x') + END, "body: a part's content-disposition is missing"],
    [
      'two dispositions',
      part(`${disposition('a')}\r\nContent-Disposition: x; name=${FIELD}`, 'v') + END,
      "body: a part's content-disposition must not be given twice",
    ],
    [
      'two types',
      part(`${disposition('a')}\r\nContent-Type: text/plain\r\ncontent-type: video/mp4`, 'v') + END,
      "body: a part's content-type must not be given twice",
    ],
    ['no name', part('Content-Disposition: form-data', 'v') + END, UNUSUAL('content-disposition')],
    ['an empty name', field('""', 'v') + END, UNUSUAL('content-disposition')],
    [
      'another disposition',
      part(`Content-Disposition: attachment; name=${FIELD}`, 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'two names',
      part(`Content-Disposition: form-data; name=a; name=${FIELD}`, 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'a name behind a file’s name',
      part(`Content-Disposition: form-data; filename="a; name=b"; name=a`, 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'a file’s name with a parameter in it',
      part(`${disposition('a')}; filename="a; name=${FIELD}"`, 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'an extended name',
      part("Content-Disposition: form-data; name*=utf-8''template%5Fvideo%5Fid", 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'a name in pieces',
      part('Content-Disposition: form-data; name*0=template; name*1=_video_id', 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'a file with an extended name only',
      part(`${disposition('a')}; filename*=utf-8''b`, 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'two names of a file that differ',
      part(`${disposition('a')}; filename=b; filename*=utf-8''c`, 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    [
      'a file’s name in another charset',
      part(`${disposition('a')}; filename=b; filename*=iso-8859-1''b`, 'v') + END,
      UNUSUAL('content-disposition'),
    ],
    ['a file without a name', part(`${disposition('a')}; filename=""`, 'v') + END, UNUSUAL('content-disposition')],
    [
      'a file’s type without a file’s name',
      part(`${disposition('a')}\r\nContent-Type: application/octet-stream`, 'v') + END,
      "body: a part's content-type must be text/plain or application/json where it is no file",
    ],
    ['an unknown parameter', part(`${disposition('a')}; size=1`, 'v') + END, UNUSUAL('content-disposition')],
    ['an escaped name', field('"template\\_video_id"', 'v') + END, UNUSUAL('content-disposition')],
    ['an encoded name', field('"template%5Fvideo_id"', 'v') + END, UNUSUAL('content-disposition')],
    ['a name in UTF-7', field('"+AHQ-emplate_video_id"', 'v') + END, UNUSUAL('content-disposition')],
    ['a name in brackets', field('"template_video_id[]"', 'v') + END, UNUSUAL('content-disposition')],
    ['a name with a dot', field('"template.video.id"', 'v') + END, UNUSUAL('content-disposition')],
    ['a name with a blank', field('"template video id"', 'v') + END, UNUSUAL('content-disposition')],
    [
      'an encoded word',
      field('"=?utf-8?q?template=5Fvideo=5Fid?="', 'v') + END,
      "body: a part's headers must not hold encoded words",
    ],
    [
      'a header that is no UTF-8',
      part(`${disposition('a')}; filename="\xff"`, 'v') + END,
      "body: a part's headers must be UTF-8",
    ],
    ['the charset of all fields', field('_charset_', 'utf-7') + END, UNUSUAL('content-disposition')],
    ['a prototype', field('__proto__', 'x') + END, UNUSUAL('content-disposition')],
    ['the field in other letters', field(FIELD.toUpperCase(), 'v') + END, NAMES],
    ['the field in other words', field('templateVideoId', 'v') + END, NAMES],
    ['the field with hyphens', field('template-video-id', 'v') + END, NAMES],
    ['the field as a file', part(`${disposition(FIELD)}; filename="a"`, 'v') + END, `${FIELD}: must not be a file`],
    [
      'a part in another charset',
      part(`${disposition(FIELD)}\r\nContent-Type: text/plain; charset=punycode`, 'v-') + END,
      UNUSUAL('content-type'),
    ],
    [
      'a part in two charsets',
      part(`${disposition('a')}\r\nContent-Type: text/plain; charset=utf-8; charset=utf-7`, 'v') + END,
      UNUSUAL('content-type'),
    ],
    [
      'a charset hidden in quotes',
      part(`${disposition('a')}\r\nContent-Type: text/plain; codecs="a; charset=utf-7"`, 'v') + END,
      UNUSUAL('content-type'),
    ],
    [
      'a name hidden in a type',
      part(`Content-Type: text/plain; name="${FIELD}"\r\n${disposition('a')}`, 'v') + END,
      UNUSUAL('content-type'),
    ],
    [
      'parts inside a part',
      part(`${disposition('a')}\r\nContent-Type: multipart/mixed; boundary=c`, 'v') + END,
      UNUSUAL('content-type'),
    ],
    [
      'an encoded value',
      part(`${disposition(FIELD)}\r\nContent-Transfer-Encoding: base64`, 'dg') + END,
      UNUSUAL('content-transfer-encoding'),
    ],
    [
      'a length that is wrong',
      part(`${disposition(FIELD)}\r\nContent-Length: 3`, 'vid_1') + END,
      "body: a part's content-length is wrong",
    ],
    [
      'a length that is no number',
      part(`${disposition(FIELD)}\r\nContent-Length: 0x5`, 'vid_1') + END,
      UNUSUAL('content-length'),
    ],
    ['a value that is no id', field(FIELD, 'vid_1\r\n') + END, `${FIELD}: must be the id of a video`],
    ['a value with a byte order mark', field(FIELD, '\xef\xbb\xbfvid_1') + END, `${FIELD}: must be the id of a video`],
    ['a value longer than any id', field(FIELD, 'v'.repeat(300)) + END, `${FIELD}: must be the id of a video`],
    ['a field that is no UTF-8', field('note', '\xff') + END, 'note: must be UTF-8'],
    ['half a letter', field('note', '\xc3') + END, 'note: must be UTF-8'],
    ['a long field', field('note', 'x'.repeat(65_537)) + END, 'note: is a field over 65536 bytes'],
    [
      'more parts than any form has',
      Array.from({ length: 101 }, (_, index) => field(`f${index}`, '')).join('') + END,
      'body: must not have more than 100 parts',
    ],
  ])('refuses %s', (_case, body, detail) => {
    for (const chunkBytes of [1, 7, Math.max(1, body.length)]) expect(read(body, chunkBytes)).toEqual(detail)
  })

  it('finds the field behind any file', () => {
    const byte = fc.constantFrom('\r', '\n', '-', 'b', '0', 'x')
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), fc.integer({ min: 1, max: 90 }), (content, chunkBytes) => {
        const file = content.join('')
        fc.pre(!file.includes('--b0'))
        expect(read(part(FILE_HEADERS, file) + OWN + END, chunkBytes)).toEqual(['vid_1'])
      }),
    )
  })
})

/** The text's UTF-8, a byte a character. */
function utf8(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
