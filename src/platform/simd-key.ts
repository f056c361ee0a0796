// The signing key of a day, derived in WebAssembly: in a cold isolate the same in script takes milliseconds.
// It must give what core's `hmacKey(deriveSigningKey(…))` gives.
import { utf8 } from '../core/bytes.ts'
import {
  BLOCK_BYTES, DIGEST_BYTES, INITIAL_STATE,
  paddedLength, writeDigest, writePadding,
  type HmacKey, type Midstate,
} from '../core/sha256.ts'
import type { CredentialScope } from '../core/sigv4.ts'

interface Engine {
  readonly memory: WebAssembly.Memory
  freeAt(): number
  absorb(words: number, blocks: number, size: number): void
}

const STATE_BYTES = 32

/** AWS4 key derivation (IAM User Guide, "Calculate the signature"), ready for HMAC. */
export function deriveWith(engine: Engine, secretAccessKey: string, scope: CredentialScope): HmacKey {
  let key = utf8(`AWS4${secretAccessKey}`)
  for (const part of [scope.date, scope.region, scope.service, 'aws4_request']) {
    const { inner, outer } = hmacKey(engine, key)
    key = digest(engine, digest(engine, utf8(part), inner), outer)
  }
  return hmacKey(engine, key)
}

function hmacKey(engine: Engine, key: Uint8Array): HmacKey {
  const short = key.length > BLOCK_BYTES ? digest(engine, key, { words: INITIAL_STATE, byteLength: 0 }) : key
  const padded = (byte: number): Midstate => {
    const block = new Uint8Array(BLOCK_BYTES).fill(byte)
    short.forEach((value, index) => {
      block[index] = value ^ byte
    })
    return { words: absorb(engine, INITIAL_STATE, block), byteLength: BLOCK_BYTES }
  }
  return { inner: padded(0x36), outer: padded(0x5c) }
}

/** Of what follows the midstate. */
function digest(engine: Engine, message: Uint8Array, from: Midstate): Uint8Array<ArrayBuffer> {
  const blocks = new Uint8Array(paddedLength(message.length))
  blocks.set(message)
  writePadding(blocks, message.length, from.byteLength + message.length)
  const bytes = new Uint8Array(DIGEST_BYTES)
  writeDigest(absorb(engine, from.words, blocks), bytes, 0)
  return bytes
}

function absorb(engine: Engine, words: Readonly<Int32Array>, blocks: Uint8Array): Int32Array {
  const at = Math.ceil(engine.freeAt() / BLOCK_BYTES) * BLOCK_BYTES
  const missing = at + STATE_BYTES + blocks.length - engine.memory.buffer.byteLength
  if (missing > 0) engine.memory.grow(Math.ceil(missing / 65_536))
  const state = new Int32Array(engine.memory.buffer, at, words.length)
  state.set(words)
  new Uint8Array(engine.memory.buffer).set(blocks, at + STATE_BYTES)
  engine.absorb(at, at + STATE_BYTES, blocks.length)
  return state.slice()
}
