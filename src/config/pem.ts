// Keys as PEM texts (RFC 7468), in the form that an env file can hold. Pure.

/** A line feed may be written as a backslash and an n: that is how it survives an env file. */
export function withLineFeeds(text: string): string {
  return text.replaceAll('\\n', '\n')
}

// The object identifier 1.2.840.113549.1.1.1, rsaEncryption, as it stands in a SubjectPublicKeyInfo (RFC 8017 §A.1);
// with a modulus of 2048 bits, the least RS256 takes, that has 294 bytes.
const RSA_IDENTIFIER = '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01'
const MIN_RSA_KEY_BYTES = 294

/** An RSA public key of 2048 bits or more, as SubjectPublicKeyInfo. */
export function isRsaPublicKey(pem: string): boolean {
  const der = derOf(pem, 'PUBLIC KEY')
  return der !== undefined && der.length >= MIN_RSA_KEY_BYTES && der.includes(RSA_IDENTIFIER)
}

// PrivateKeyInfo, version 0, algorithm 1.3.101.112, and 32 bytes of key (RFC 8410 §7).
const ED25519_PREFIX = '\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20'

/** An Ed25519 private key as PKCS#8. */
export function isEd25519PrivateKey(pem: string): boolean {
  const der = derOf(pem, 'PRIVATE KEY')
  return der?.length === 48 && der.startsWith(ED25519_PREFIX)
}

/** One code unit a byte; undefined when the text is not one PEM block of this label. */
function derOf(pem: string, label: string): string | undefined {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`]
  if (!pem.startsWith(begin) || !pem.endsWith(end)) return undefined
  const base64 = pem.slice(begin.length, -end.length).replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/=]+$/.test(base64)) return undefined
  try {
    return atob(base64)
  } catch {
    return undefined
  }
}
