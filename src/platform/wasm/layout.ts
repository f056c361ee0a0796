// Where everything lies in the memory of the WebAssembly instance while one text is signed and printed.
// It encodes strings and reserves room; it neither signs nor prints.
import { utf8Length } from '../../core/bytes.ts'
import type { UnsignedText } from '../../core/sigv4/signed-text.ts'
import { reserve, type WasmInstance } from './instance.ts'

/** Of a group's frame: start, end, head, tail, string to sign. */
export const FRAME_STRINGS = 5
export const SIGNATURE_BYTES = 64
/** An address, a length, and room for the instance's own link. */
export const NAME_BYTES = 12
/** An address and a length. */
export const PIECE_BYTES = 8
export const CHUNK_PIECES = 4096
/**
 * A text is printed in chunks of this size: the instance's memory never shrinks, so it must not hold all of it, and
 * blocks below 128 kB are recycled by the allocator instead of being mapped anew.
 */
export const CHUNK_BYTES = 64 * 1024
/** The instance copies by 16 bytes and reads and overwrites up to 15 beyond an end. */
const SLACK_BYTES = 16

/** Addresses are in bytes. */
export interface Layout {
  /** Where each string begins, and, one further, where it ends. */
  readonly starts: Int32Array
  /** Which strings they are: names come first, then five a group, the edits' texts, and the text or its gaps. */
  readonly frames: number
  readonly editTexts: number
  readonly gaps: number
  /** An offset in the text is one in its bytes; otherwise each gap between edits is a string of its own. */
  readonly isAscii: boolean
  /** How many leaves come before each group's. */
  readonly groupStarts: readonly number[]
  readonly names: number
  readonly signatures: number
  readonly keyWords: number
  readonly pieces: number
  readonly out: number
}

/** Lays a text out, growing the memory if it must. */
export function layOut(
  instance: Pick<WasmInstance, 'memory' | 'freeAt'>,
  { text, edits, names, groups }: UnsignedText,
): Layout {
  const strings = [...names]
  const frames = strings.length
  const groupStarts: number[] = []
  let leaves = 0
  for (const { frame, leaves: own } of groups) {
    strings.push(frame.start, frame.end, frame.head, frame.tail, frame.stringToSignHead)
    groupStarts.push(leaves)
    leaves += own.length
  }
  const editTexts = strings.length
  for (const edit of edits) if (edit.text !== '') strings.push(edit.text)
  const gaps = strings.length
  strings.push(text)

  const base = align(instance.freeAt())
  let joined = strings.join('')
  const isAscii = encodeAscii(instance.memory, joined, base)
  if (!isAscii) {
    strings.pop()
    let position = 0
    for (const edit of edits) {
      strings.push(text.slice(position, edit.start))
      position = edit.end
    }
    strings.push(text.slice(position))
    joined = strings.join('')
  }
  const starts = new Int32Array(strings.length + 1)
  let at = base
  for (let index = 0; index < strings.length; index++) {
    starts[index] = at
    const string = strings[index] ?? ''
    at += isAscii ? string.length : utf8Length(string)
  }
  starts[strings.length] = at
  const nameList = align(at + SLACK_BYTES)
  const signatures = align(nameList + leaves * NAME_BYTES)
  const keyWords = signatures + leaves * SIGNATURE_BYTES + SLACK_BYTES
  const pieces = keyWords + 64
  const out = pieces + CHUNK_PIECES * PIECE_BYTES
  reserve(instance.memory, out + CHUNK_BYTES + SLACK_BYTES)
  if (!isAscii) new TextEncoder().encodeInto(joined, new Uint8Array(instance.memory.buffer, base, at - base))
  return { starts, frames, editTexts, gaps, isAscii, groupStarts, names: nameList, signatures, keyWords, pieces, out }
}

/** Writes a string of ASCII; false, and some of it written, if it is not. */
function encodeAscii(memory: WebAssembly.Memory, text: string, at: number): boolean {
  reserve(memory, at + text.length)
  return new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, at, text.length)).read === text.length
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16
}
