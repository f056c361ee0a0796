// Signs and prints playlists in WebAssembly: four signatures at once, straight into the bytes of the answer.
// It must give the same bytes as core's `signTextPlainly`, and keeps nothing of a text once it is printed.
import { signBatch } from '../../core/sigv4/signature-batch.ts'
import type { LeafGroup, TextSigner, UnsignedText } from '../../core/sigv4/signed-text.ts'
import { FRAME_STRINGS, NAME_BYTES, SIGNATURE_BYTES, layOut, type Layout } from './layout.ts'
import { printText } from './printer.ts'
import { sharedInstance, createInstance, type WasmInstance } from './instance.ts'

/** A text up to this size is printed at once: some 2 MB, a film of three hours. */
const SHORT_EDITS = 4096
const SHORT_CHARS = 512 * 1024
/** For so few, setting up four lanes costs more than it saves. */
const PLAIN_SIGNATURES = 2

/** Signs on the shared instance what is short, and what is long on one of its own, printed as it is read. */
export const signText: TextSigner = (unsigned) => {
  const isLong = unsigned.edits.length > SHORT_EDITS || unsigned.text.length > SHORT_CHARS
  const instance = isLong ? createInstance() : sharedInstance()
  const layout = layOut(instance, unsigned)
  unsigned.groups.forEach((group, index) => signGroup(instance, layout, unsigned, group, index))
  const chunks = printText(instance, layout, unsigned)
  return isLong ? chunks : [...chunks]
}

/** Signs the names of a group; each signature lies at its leaf's place in the group's order. */
function signGroup(
  instance: WasmInstance,
  layout: Layout,
  unsigned: UnsignedText,
  group: LeafGroup,
  index: number,
): void {
  const { frame, leaves } = group
  const first = layout.groupStarts[index] ?? 0
  const signatures = layout.signatures + first * SIGNATURE_BYTES
  if (leaves.length <= PLAIN_SIGNATURES || !fits(instance, layout, unsigned, group, index)) {
    const paths = leaves.map((leaf) => unsigned.names[leaf] ?? '')
    const digits = signBatch({ ...frame, paths }).join('')
    new TextEncoder().encodeInto(digits, new Uint8Array(instance.memory.buffer, signatures))
    return
  }
  const memory = new Int32Array(instance.memory.buffer)
  const names = layout.names + first * NAME_BYTES
  let entry = names >> 2
  for (const leaf of leaves) {
    const start = layout.starts[leaf] ?? 0
    memory[entry] = start
    memory[entry + 1] = (layout.starts[leaf + 1] ?? 0) - start
    entry += NAME_BYTES >> 2
  }
  const words = layout.keyWords >> 2
  memory.set(frame.key.inner.words, words)
  memory.set(frame.key.outer.words, words + 8)
  const string = (offset: number): [at: number, size: number] => {
    const at = layout.starts[layout.frames + index * FRAME_STRINGS + offset] ?? 0
    return [at, (layout.starts[layout.frames + index * FRAME_STRINGS + offset + 1] ?? 0) - at]
  }
  instance.prepare(...string(2), ...string(3), ...string(4), layout.keyWords, layout.keyWords + 32)
  instance.sign(names, leaves.length, signatures)
}

/** The instance has room for names and sides that no object of ours exceeds; what does is signed plainly. */
function fits(
  instance: WasmInstance,
  layout: Layout,
  unsigned: UnsignedText,
  group: LeafGroup,
  index: number,
): boolean {
  const { starts, frames } = layout
  const tail = frames + index * FRAME_STRINGS + 3
  if ((starts[tail + 1] ?? 0) - (starts[tail] ?? 0) > instance.maxSideBytes()) return false
  const most = instance.maxNameBytes()
  return group.leaves.every((leaf) => (unsigned.names[leaf] ?? '').length <= most)
}
