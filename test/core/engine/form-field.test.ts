// The watch over an upload's form, in chunks of every size.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { watchField } from '../../../src/core/engine/form-field.ts'

const TYPE = 'multipart/form-data; boundary=b0'
const FIELD = 'template_video_id'

const part = (headers: string, value: string) => `--b0\r\n${headers}\r\n\r\n${value}\r\n`
const field = (name: string, value: string) => part(`Content-Disposition: form-data; name=${name}`, value)
const FILE = part(
  'Content-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: video/mp4',
  'ab\r\n-c',
)
const END = '--b0--\r\n'

/** What is found when the body comes in chunks of this many bytes. */
function find(body: string, chunkBytes = body.length, type = TYPE): readonly string[] | string {
  const watch = watchField(type, FIELD)
  if (typeof watch === 'string') return watch
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0))
  const values: string[] = []
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const found = watch.push(bytes.slice(start, start + chunkBytes))
    if (found === undefined) return 'unreadable'
    values.push(...found)
  }
  const last = watch.end()
  return last === undefined ? 'unreadable' : [...values, ...last]
}

describe('watchField', () => {
  it.each([
    ['no such field', FILE + END, []],
    ['before the file', field(`"${FIELD}"`, 'vid_1') + FILE + END, ['vid_1']],
    ['after the file', FILE + field(`"${FIELD}"`, 'vid_1') + END, ['vid_1']],
    ['twice', field(`"${FIELD}"`, 'vid_1') + FILE + field(`"${FIELD}"`, 'vid_2') + END, ['vid_1', 'vid_2']],
    ['without quotes', field(FIELD, 'vid_1') + END, ['vid_1']],
    ['in other letters', field(`"${FIELD.toUpperCase()}"`, 'vid_1') + END, ['vid_1']],
    ['with a preamble', `preamble\r\n${field(FIELD, 'vid_1')}${END}`, ['vid_1']],
    ['after the end', FILE + END + field(FIELD, 'vid_1') + END, ['vid_1']],
    ['without an end', FILE + field(FIELD, 'vid_1').slice(0, -2), ['vid_1']],
    ['empty', field(FIELD, '') + END, ['']],
    ['behind a part of nothing', `--b0\r\nX: y\r\n\r\n${field(FIELD, 'vid_1')}${END}`, ['vid_1']],
    ['behind a part of headers only', `--b0\r\nX: y\r\n${field(FIELD, 'vid_1')}${END}`, ['vid_1']],
    ['only in the file', part('Content-Disposition: form-data; name="file"', `name="${FIELD}"`) + END, []],
    ['as another’s value', field('"note"', FIELD) + END, []],
  ])('finds the field %s, whatever the chunks', (_case, body, values) => {
    for (let chunkBytes = 1; chunkBytes <= body.length; chunkBytes++) {
      expect(find(body, chunkBytes), `chunks of ${chunkBytes}`).toEqual(values)
    }
  })

  it.each([
    ['breaks of LF only', `--b0\nContent-Disposition: form-data; name=${FIELD}\n\nvid_1\n--b0--`],
    ['a bare LF in the headers', part(`X: a\n\nContent-Disposition: form-data; name=${FIELD}`, 'vid_1') + END],
    ['a folded header', part(`Content-Disposition: form-data;\r\n name=${FIELD}`, 'vid_1') + END],
    [
      'two dispositions',
      part(`Content-Disposition: form-data; name=a\r\nContent-Disposition: x; name=${FIELD}`, 'v') + END,
    ],
    ['two names', part(`Content-Disposition: form-data; name=a; name=${FIELD}`, 'vid_1') + END],
    ['an extended name', part("Content-Disposition: form-data; name*=utf-8''template%5Fvideo%5Fid", 'vid_1') + END],
    ['an escaped name', field('"template\\_video_id"', 'vid_1') + END],
    ['an encoded name', field('"template%5Fvideo_id"', 'vid_1') + END],
    [
      'an encoded value',
      part(`Content-Disposition: form-data; name=${FIELD}\r\nContent-Transfer-Encoding: base64`, 'dg') + END,
    ],
    ['a padded boundary', `--b0 \r\nContent-Disposition: form-data; name=${FIELD}\r\n\r\nvid_1\r\n--b0--`],
    ['headers without end', `--b0\r\n${'X: y\r\n'.repeat(3000)}`],
    ['an endless value', field(FIELD, 'v'.repeat(300)) + END],
  ])('does not guess at %s', (_case, body) => {
    for (const chunkBytes of [1, 7, body.length]) expect(find(body, chunkBytes)).toBe('unreadable')
  })

  it.each([
    ['application/octet-stream', 'no_form'],
    ['multipart/form-data', 'unreadable'],
    ['multipart/form-data; boundary=a; boundary=b0', 'unreadable'],
    ["multipart/form-data; boundary*=utf-8''b0", 'unreadable'],
    ['multipart/form-data; boundary="b\\"0"', 'unreadable'],
    ['multipart/form-data; boundary="b0"; charset=utf-8', ['vid_1']],
    ['Multipart/Form-Data;boundary=b0', ['vid_1']],
  ])('reads the type %s', (type, expected) => {
    expect(find(field(FIELD, 'vid_1') + END, 1000, type)).toEqual(expected)
  })

  it('finds the field behind any file', () => {
    const byte = fc.constantFrom('\r', '\n', '-', 'b', '0', 'x')
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), fc.integer({ min: 1, max: 90 }), (content, chunkBytes) => {
        const file = content.join('')
        fc.pre(!file.includes('\n--b0') && !file.startsWith('--b0'))
        const body = part('Content-Disposition: form-data; name="file"', file) + field(FIELD, 'vid_1') + END
        expect(find(body, chunkBytes)).toEqual(['vid_1'])
      }),
    )
  })
})
