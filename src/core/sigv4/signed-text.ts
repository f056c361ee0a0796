// A text in which spans become presigned URLs: what has to be signed, where it goes, and the plain way to do it.
// Pure. A faster implementation may stand behind `TextSigner`; it must give the same bytes as `signTextPlainly`.
import { utf8 } from '../bytes.ts'
import type { HmacKey } from '../sha256.ts'
import { signBatch } from './signature-batch.ts'

/** A span of a text and what takes its place. */
export interface Edit {
  /** First character replaced, and the one after the last: equal for an insertion. */
  readonly start: number
  readonly end: number
  /** The object whose URL goes there, as an index; undefined for none. */
  readonly leaf?: number | undefined
  /** What goes there, behind the URL if there is one. */
  readonly text: string
}

/** Everything of a presigned URL, and of what is signed for it, but the object's name. */
export interface UrlFrame {
  /** The URL up to the name. */
  readonly start: string
  /** From the name to the `=` of the signature, which ends the URL. */
  readonly end: string
  /** The canonical request up to the name. */
  readonly head: string
  /** The canonical request from the name on. */
  readonly tail: string
  /** The string to sign up to the hash of the canonical request. */
  readonly stringToSignHead: string
  readonly key: HmacKey
}

/** Leaves that are signed alike. */
export interface LeafGroup {
  readonly frame: UrlFrame
  readonly leaves: readonly number[]
}

export interface UnsignedText {
  readonly text: string
  /** In order of position; they do not overlap. */
  readonly edits: readonly Edit[]
  /** What stands in each leaf's URL and request between the halves of its frame: ASCII, percent-encoded. */
  readonly names: readonly string[]
  /** Each leaf in exactly one group. */
  readonly groups: readonly LeafGroup[]
}

/** The UTF-8 of the text with every edit made, in chunks that follow one another and may be made as they are read. */
export type TextSigner = (unsigned: UnsignedText) => Iterable<Uint8Array<ArrayBuffer>>

const SIGNATURE_CHARS = 64

/** The plain way to do it, easy to check. */
export const signTextPlainly: TextSigner = (unsigned) => [utf8(spliceUrls(unsigned, signUrls(unsigned)))]

/** How many characters the text will have. */
export function signedLength({ text, edits, names, groups }: UnsignedText): number {
  const urlLengths: number[] = []
  for (const { frame, leaves } of groups) {
    const around = frame.start.length + frame.end.length + SIGNATURE_CHARS
    for (const leaf of leaves) urlLengths[leaf] = around + (names[leaf]?.length ?? 0)
  }
  let length = text.length
  for (const edit of edits) {
    length += edit.text.length - (edit.end - edit.start)
    if (edit.leaf !== undefined) length += urlLengths[edit.leaf] ?? 0
  }
  return length
}

/** The URL of each leaf, in order. */
export function signUrls({ names, groups }: Pick<UnsignedText, 'names' | 'groups'>): string[] {
  const urls: string[] = Array.from(names, () => '')
  for (const { frame, leaves } of groups) {
    const paths = leaves.map((leaf) => names[leaf] ?? '')
    const signatures = signBatch({ ...frame, paths })
    leaves.forEach((leaf, index) => {
      urls[leaf] = `${frame.start}${paths[index]}${frame.end}${signatures[index]}`
    })
  }
  return urls
}

/** The text with each edit made; TypeError if an edit wants a URL that is not there. */
export function spliceUrls({ text, edits }: Pick<UnsignedText, 'text' | 'edits'>, urls: readonly string[]): string {
  const pieces: string[] = []
  let position = 0
  for (const edit of edits) {
    pieces.push(text.slice(position, edit.start))
    if (edit.leaf !== undefined) {
      const url = urls[edit.leaf]
      if (url === undefined) throw new TypeError('each leaf of an edit has a URL')
      pieces.push(url)
    }
    pieces.push(edit.text)
    position = edit.end
  }
  pieces.push(text.slice(position))
  return pieces.join('')
}
