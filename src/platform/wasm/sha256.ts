// SHA-256 of one message in WebAssembly: at once, where crypto.subtle makes a request wait for its turn, and twice as
// fast as in script. It must give what core's `sha256` and `deriveSigningKey` give.
import { utf8 } from '../../core/bytes.ts'
import {
  BLOCK_BYTES,
  DIGEST_BYTES,
  INITIAL_STATE,
  paddedLength,
  writeDigest,
  writePadding,
  type HmacKey,
  type Midstate,
} from '../../core/sha256.ts'
import type { CredentialScope } from '../../core/sigv4/steps.ts'
import { reserve, sharedInstance, type WasmInstance } from './instance.ts'

const WORDS = 8
const STATE_BYTES = 4 * WORDS
const EMPTY: Midstate = { words: INITIAL_STATE, byteLength: 0 }

// What is hashed may be a secret, and all requests share the memory: each message is wiped once it is absorbed.
const encoder = new TextEncoder()

/** The digest of a text's UTF-8 as 16 UTF-16 units: a key for a map, a quarter as long as hex. */
export function digestKey(text: string): string {
  const instance = sharedInstance()
  const { stateAt, blocksAt } = reserveBlocks(instance, paddedLength(3 * text.length))
  const { buffer } = instance.memory
  const { written } = encoder.encodeInto(text, new Uint8Array(buffer, blocksAt, 3 * text.length))
  const blocks = new Uint8Array(buffer, blocksAt, paddedLength(written))
  writePadding(blocks, written, written)
  const state = new Int32Array(buffer, stateAt, WORDS)
  state.set(INITIAL_STATE)
  instance.absorb(stateAt, blocksAt, blocks.length)
  blocks.fill(0)
  let key = ''
  for (const word of state) key += String.fromCharCode(word >>> 16, word & 0xffff)
  return key
}

/** AWS4 key derivation (IAM User Guide, "Calculate the signature"), ready for HMAC. */
export function deriveKey(secretAccessKey: string, scope: CredentialScope): HmacKey {
  let key = utf8(`AWS4${secretAccessKey}`)
  for (const part of [scope.date, scope.region, scope.service, 'aws4_request']) {
    const { inner, outer } = hmacKey(key)
    key = digest(digest(utf8(part), inner), outer)
  }
  return hmacKey(key)
}

function hmacKey(key: Uint8Array): HmacKey {
  const short = key.length > BLOCK_BYTES ? digest(key, EMPTY) : key
  const padded = (byte: number): Midstate => {
    const block = new Uint8Array(BLOCK_BYTES).fill(byte)
    short.forEach((value, index) => {
      block[index] = value ^ byte
    })
    return { words: absorb(INITIAL_STATE, block), byteLength: BLOCK_BYTES }
  }
  return { inner: padded(0x36), outer: padded(0x5c) }
}

/** Of what follows the midstate. */
function digest(message: Uint8Array, from: Midstate): Uint8Array<ArrayBuffer> {
  const blocks = new Uint8Array(paddedLength(message.length))
  blocks.set(message)
  writePadding(blocks, message.length, from.byteLength + message.length)
  const bytes = new Uint8Array(DIGEST_BYTES)
  writeDigest(absorb(from.words, blocks), bytes, 0)
  return bytes
}

function absorb(words: Readonly<Int32Array>, blocks: Uint8Array): Int32Array {
  const instance = sharedInstance()
  const { stateAt, blocksAt } = reserveBlocks(instance, blocks.length)
  const state = new Int32Array(instance.memory.buffer, stateAt, WORDS)
  state.set(words)
  const bytes = new Uint8Array(instance.memory.buffer, blocksAt, blocks.length)
  bytes.set(blocks)
  instance.absorb(stateAt, blocksAt, blocks.length)
  bytes.fill(0)
  return state.slice()
}

/** Reserves room for a state and this many bytes of blocks. */
function reserveBlocks(instance: WasmInstance, byteLength: number): { stateAt: number; blocksAt: number } {
  const stateAt = Math.ceil(instance.freeAt() / BLOCK_BYTES) * BLOCK_BYTES
  const blocksAt = stateAt + STATE_BYTES
  reserve(instance.memory, blocksAt + byteLength)
  return { stateAt, blocksAt }
}
