// A scanner for secrets that signs as GitHub's does: ECDSA of P-256 in DER.
import { exportSPKI } from 'jose'

export interface Scanner {
  readonly published: { readonly key_identifier: string; readonly key: string }
  readonly sign: (body: string) => Promise<string>
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }

export async function makeScanner(): Promise<Scanner> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  if (!('publicKey' in pair)) throw new Error('ECDSA makes pairs')
  const { publicKey, privateKey } = pair
  return {
    published: { key_identifier: crypto.randomUUID(), key: await exportSPKI(publicKey) },
    async sign(body) {
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
      const raw = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(body)))
      const numbers = [...integer(raw.slice(0, 32)), ...integer(raw.slice(32))]
      return btoa(String.fromCharCode(0x30, numbers.length, ...numbers))
    },
  }
}

function integer(bytes: Uint8Array): number[] {
  const digits = [...bytes]
  while (digits.length > 1 && digits[0] === 0) digits.shift()
  if ((digits[0] ?? 0) >= 0x80) digits.unshift(0)
  return [0x02, digits.length, ...digits]
}
