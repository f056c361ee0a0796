// The programs of docs/sign-playback-tokens.md, each run as it stands there where its runtime is: what they print is a
// token that the service would take.
import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactVerify, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readClaims } from '../../src/core/playback/claims.ts'

const page = readFileSync(new URL('../../docs/sign-playback-tokens.md', import.meta.url), 'utf8')
const KEY_ID = randomUUID()
const JOB_ID = randomUUID()

let folder = ''
let publicKey: KeyObject
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lynxgate-sign-'))
  const pair = generateKeyPairSync('ed25519')
  publicKey = pair.publicKey
  writeFileSync(join(folder, 'private.jwk'), JSON.stringify(pair.privateKey.export({ format: 'jwk' })))
  writeFileSync(join(folder, 'private.pem'), pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function program(language: string): string {
  const [, text = ''] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page) ?? []
  return text
}

function has(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

const RUNS = [
  { language: 'js', file: 'sign.mjs', command: process.execPath, isThere: true },
  {
    language: 'python',
    file: 'sign.py',
    command: 'python3',
    isThere: has('python3', '-c', 'import cryptography.hazmat.primitives.asymmetric.ed25519'),
  },
  { language: 'sh', file: 'sign.sh', command: 'sh', isThere: has('openssl', 'pkeyutl', '-help') },
]

describe('a program that signs playback tokens', () => {
  for (const { language, file, command, isThere } of RUNS) {
    it.skipIf(!isThere)(`in ${language} prints a token that counts`, async () => {
      writeFileSync(join(folder, file), program(language))
      const env = { ...process.env, KEY_ID, JOB_ID }
      const token = execFileSync(command, [file], { cwd: folder, env }).toString().trim()
      expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', kid: KEY_ID, typ: 'lynxgate-playback+jwt' })
      const { payload } = await compactVerify(token, publicKey, { algorithms: ['EdDSA'] })
      const claims = readClaims(JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>)
      expect(claims).toMatchObject({ jobId: JOB_ID, viewer: 'ada' })
      expect((claims?.expiresAt ?? 0) - (claims?.issuedAt ?? 0)).toBe(3600)
    })
  }
})
