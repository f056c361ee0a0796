// Prints a text whose signatures are made: lists the pieces it consists of, which the instance copies together.
import type { UnsignedText } from '../../core/sigv4/signed-text.ts'
import { CHUNK_BYTES, CHUNK_PIECES, FRAME_STRINGS, SIGNATURE_BYTES, type Layout } from './layout.ts'
import type { WasmInstance } from './instance.ts'

const NOWHERE = -1

/** The whole text, in chunks of at most 64 KiB that follow one another, each made when it is asked for. */
export function* printText(
  instance: Pick<WasmInstance, 'memory' | 'print'>,
  layout: Layout,
  { text, edits, names, groups }: UnsignedText,
): Generator<Uint8Array<ArrayBuffer>, void> {
  const { starts, frames, isAscii, pieces, out } = layout
  const memory = new Int32Array(instance.memory.buffer)
  const bytes = new Uint8Array(instance.memory.buffer)
  const firstPiece = pieces >> 2
  const lastPiece = firstPiece + 2 * CHUNK_PIECES
  let piece = firstPiece
  let filled = 0
  let ready: Uint8Array<ArrayBuffer>[] = []

  function flush(): void {
    instance.print(pieces, (piece - firstPiece) >> 1, out)
    ready.push(bytes.slice(out, out + filled))
    piece = firstPiece
    filled = 0
  }

  function add(start: number, end: number): void {
    let from = start
    while (filled + end - from > CHUNK_BYTES || piece === lastPiece) {
      if (piece === lastPiece) {
        flush()
        continue
      }
      const part = CHUNK_BYTES - filled
      memory[piece] = from
      memory[piece + 1] = part
      piece += 2
      filled += part
      from += part
      flush()
    }
    memory[piece] = from
    memory[piece + 1] = end - from
    piece += 2
    filled += end - from
  }

  function addString(index: number): void {
    add(starts[index] ?? 0, starts[index + 1] ?? 0)
  }

  /** A gap and the URL behind it, as five pieces of a chunk that has room for them; nearly every edit is one. */
  function addUrl(gapStart: number, gapEnd: number, frame: number, name: number, signature: number): void {
    const frameStart = starts[frame] ?? 0
    const frameEnd = starts[frame + 1] ?? 0
    const nameStart = starts[name] ?? 0
    const nameEnd = starts[name + 1] ?? 0
    const lastEnd = starts[frame + 2] ?? 0
    const length =
      gapEnd - gapStart + (frameEnd - frameStart) + (nameEnd - nameStart) + (lastEnd - frameEnd) + SIGNATURE_BYTES
    if (filled + length > CHUNK_BYTES || piece + 10 > lastPiece) {
      add(gapStart, gapEnd)
      add(frameStart, frameEnd)
      add(nameStart, nameEnd)
      add(frameEnd, lastEnd)
      add(signature, signature + SIGNATURE_BYTES)
      return
    }
    memory[piece] = gapStart
    memory[piece + 1] = gapEnd - gapStart
    memory[piece + 2] = frameStart
    memory[piece + 3] = frameEnd - frameStart
    memory[piece + 4] = nameStart
    memory[piece + 5] = nameEnd - nameStart
    memory[piece + 6] = frameEnd
    memory[piece + 7] = lastEnd - frameEnd
    memory[piece + 8] = signature
    memory[piece + 9] = SIGNATURE_BYTES
    piece += 10
    filled += length
  }

  const { groupOf, positionOf } = locateLeaves(names.length, groups)
  const textAt = starts[layout.gaps] ?? 0
  let position = 0
  let editText = layout.editTexts
  let gap = layout.gaps
  for (const edit of edits) {
    const gapStart = isAscii ? textAt + position : (starts[gap] ?? 0)
    const gapEnd = isAscii ? textAt + edit.start : (starts[++gap] ?? 0)
    position = edit.end
    if (edit.leaf === undefined) {
      add(gapStart, gapEnd)
    } else {
      const group = groupOf[edit.leaf] ?? NOWHERE
      if (group === NOWHERE) throw new TypeError('each leaf of an edit has a URL')
      const signature = layout.signatures + (positionOf[edit.leaf] ?? 0) * SIGNATURE_BYTES
      addUrl(gapStart, gapEnd, frames + group * FRAME_STRINGS, edit.leaf, signature)
    }
    if (edit.text !== '') addString(editText++)
    if (ready.length > 0) {
      yield* ready
      ready = []
    }
  }
  if (isAscii) add(textAt + position, textAt + text.length)
  else addString(gap)
  flush()
  yield* ready
}

/** Where each leaf's signature is: its group, and its position among the leaves of all groups. */
function locateLeaves(count: number, groups: UnsignedText['groups']): { groupOf: Int32Array; positionOf: Int32Array } {
  const groupOf = new Int32Array(count).fill(NOWHERE)
  const positionOf = new Int32Array(count)
  let position = 0
  groups.forEach(({ leaves }, group) => {
    for (const leaf of leaves) {
      groupOf[leaf] = group
      positionOf[leaf] = position++
    }
  })
  return { groupOf, positionOf }
}
