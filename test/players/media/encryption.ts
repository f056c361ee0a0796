// Encrypts a rendition in place with AES-128 (RFC 8216bis §4.4.4.4): whole files, CBC, PKCS #7.
import { createCipheriv, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export interface Encryption {
  /** Of the key file, relative to the playlist. */
  readonly keyUri: string
  /** `sequence`: no IV attribute, the media sequence number counts. A map then stays unencrypted: it has no number. */
  readonly iv: 'sequence' | 'attribute'
}

export async function encryptRendition(folder: string, { keyUri, iv }: Encryption): Promise<void> {
  const key = randomBytes(16)
  const attribute = randomBytes(16)
  await mkdir(dirname(join(folder, keyUri)), { recursive: true })
  await writeFile(join(folder, keyUri), key)
  const encrypt = async (name: string, vector: Uint8Array): Promise<void> => {
    const cipher = createCipheriv('aes-128-cbc', key, vector)
    const path = join(folder, name)
    const plain = await readFile(path)
    await writeFile(path, Buffer.concat([cipher.update(plain), cipher.final()]))
  }
  const lines = (await readFile(join(folder, 'index.m3u8'), 'utf8')).split('\n')
  const segments = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const map = /^#EXT-X-MAP:URI="([^"]+)"/m.exec(lines.join('\n'))?.[1]
  await Promise.all(segments.map((name, number) => encrypt(name, iv === 'attribute' ? attribute : sequenceIv(number))))
  if (map !== undefined && iv === 'attribute') await encrypt(map, attribute)

  const suffix = iv === 'attribute' ? `,IV=0x${attribute.toString('hex').toUpperCase()}` : ''
  const firstUse = lines.findIndex((line) => /^#EXT-X-MAP|^#EXTINF/.test(line))
  lines.splice(firstUse, 0, `#EXT-X-KEY:METHOD=AES-128,URI="${keyUri}"${suffix}`)
  await writeFile(join(folder, 'index.m3u8'), lines.join('\n'))
}

/** Big-endian in sixteen bytes (§5.2). */
function sequenceIv(number: number): Uint8Array {
  const vector = Buffer.alloc(16)
  vector.writeUInt32BE(number, 12)
  return vector
}
