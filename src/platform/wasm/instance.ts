// The WebAssembly instance that hashes and prints: what src/wasm/text-signer.ts exports, and the one an isolate keeps.
import module from '../../wasm/text-signer.wasm'

/** Addresses and sizes are in bytes. What lies below `freeAt` is its own; the rest belongs to its caller. */
export interface WasmInstance {
  readonly memory: WebAssembly.Memory
  freeAt(): number
  maxNameBytes(): number
  maxSideBytes(): number
  prepare(
    head: number,
    headSize: number,
    tail: number,
    tailSize: number,
    toSign: number,
    toSignSize: number,
    innerWords: number,
    outerWords: number,
  ): void
  absorb(words: number, blocks: number, size: number): void
  sign(names: number, count: number, signatures: number): void
  print(pieces: number, count: number, into: number): void
}

const PAGE_BYTES = 65_536

let shared: WasmInstance | undefined

/** For short texts. Made on first use; every use is synchronous and leaves nothing behind that another reads. */
export function sharedInstance(): WasmInstance {
  shared ??= createInstance()
  return shared
}

/** One of its own for what is long: a memory never shrinks, and goes with its instance. */
export function createInstance(): WasmInstance {
  return new WebAssembly.Instance(module).exports as unknown as WasmInstance
}

/** Makes the memory at least this long; earlier views of it are detached afterwards. */
export function reserve(memory: WebAssembly.Memory, byteLength: number): void {
  const missing = byteLength - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
}
