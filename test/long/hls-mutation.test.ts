// Playlists of a corpus, mutated for minutes: nothing throws, nothing outside the folder is ever signed, and what is
// accepted once is accepted in the same words again. HLS_CORPUS names the folder, HLS_SEED the run, HLS_MUTATIONS its length.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { encodePath } from '../../src/core/uri-encoding.ts'
import type { SignedReference } from '../../src/core/hls/assemble.ts'
import {
  API_BASE,
  FOLDER,
  ORIGIN,
  rewrite,
  rewriteJson,
  rewriteStoryboard,
  signAll,
  SIGNER,
} from '../core/hls/place.ts'

const fixtures = fileURLToPath(new URL('../fixtures/hls', import.meta.url))
const folder = process.env['HLS_CORPUS'] ?? fixtures
const seed = Number(process.env['HLS_SEED'] ?? 1)
const mutations = Number(process.env['HLS_MUTATIONS'] ?? 3_000_000)

const texts = readdirSync(folder)
  .filter((name) => /\.m3u8?$/.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'))

const HOSTILE: readonly string[] = [
  '../',
  '..',
  '/',
  '//',
  '\\',
  '%2e%2e/',
  '%2f',
  '%5c',
  '%00',
  '%',
  '%c0%ae',
  '%252e',
  '\u0000',
  '\r',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '"',
  ',',
  '=',
  '#',
  '?',
  '{$a}',
  '{$',
  '}',
  'https:',
  'https://evil.example/',
  '//evil.example/',
  'data:,',
  '\uFEFF',
  '\uD800',
  '#EXTM3U\n',
  '#EXTINF:1,\n',
  '#EXT-X-STREAM-INF:\n',
  '#EXT-X-MAP:URI="',
  '#EXT-X-KEY:METHOD=AES-128,URI=../k\n',
  '\u2028',
  '#EXT-X-DEFINE:NAME="a",VALUE="../"\n',
  '#EXT-X-DEFINE:NAME="a",VALUE="https://evil.example"\n',
  '#EXT-X-DEFINE:QUERYPARAM="q"\n',
  '#EXT-X-DATERANGE:X-ASSET-LIST="../../x.json"\n',
  'users/somebody/hls/else/index.m3u8',
  '\n../../users/x/y.ts\n',
  'é',
  '😀',
]

/** mulberry32: small, and the same everywhere for the same seed. */
function startRandom(from: number): () => number {
  let state = from >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function mutate(text: string, random: () => number): string {
  const at = () => Math.floor(random() * (text.length + 1))
  const pick = <Value>(values: readonly Value[], otherwise: Value): Value =>
    values[Math.floor(random() * values.length)] ?? otherwise
  const start = at()
  const end = Math.min(text.length, start + Math.floor(random() * 40))
  switch (Math.floor(random() * 6)) {
    case 0: // flip
      return text.slice(0, start) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(start + 1)
    case 1: // inject
      return text.slice(0, start) + pick(HOSTILE, '') + text.slice(start)
    case 2: // cut
      return text.slice(0, start) + text.slice(end)
    case 3: // move a piece
      return text.slice(0, start) + text.slice(end, end + 30) + text.slice(start, end) + text.slice(end + 30)
    case 4: {
      const lines = text.split('\n')
      lines.splice(Math.floor(random() * lines.length), 0, pick(lines, ''))
      return lines.join('\n')
    }
    default: {
      const other = pick(texts, '')
      return text.slice(0, start) + other.slice(Math.floor(random() * other.length))
    }
  }
}

/** Fails if the URL standard takes the leaf's address out of the folder, or to another object. */
function checkLeaves(leaves: readonly SignedReference[]): readonly string[] {
  for (const { name } of leaves) {
    const path = decodeURIComponent(name)
    const url = new URL(`https://bucket.example.net/${FOLDER}${name}?X-Amz-Signature=5160`)
    if (
      name !== encodePath(path) ||
      !url.pathname.startsWith(`/${FOLDER}`) ||
      decodeURIComponent(url.pathname) !== `/${FOLDER}${path}` ||
      path === ''
    ) {
      throw new Error(`signed ${JSON.stringify(path)}`)
    }
  }
  return signAll(leaves)
}

/** Fails if a signature stands anywhere but right behind our own address. */
function checkSignatures(before: string, after: string): void {
  const signature = 'X-Amz-Signature=5160'
  const own = after.split(new RegExp(`(?<=["\\s:]|^)${SIGNER}[A-Za-z0-9%/._~-]*\\?${signature}`)).length
  if (own < after.split(signature).length - before.split(signature).length + 1)
    throw new Error('a signature beside its place')
}

describe('rewritePlaylist, under mutation', () => {
  it(`survives ${mutations} mutations of ${texts.length} playlists, seed ${seed}`, { timeout: 3_600_000 }, () => {
    const random = startRandom(seed)
    const query = new Map([
      ['q', '../'],
      ['_lg_v_auth', '/../..'],
    ])
    const place = { path: 'v/index.json', apiBase: API_BASE, origin: ORIGIN, signAll: checkLeaves }
    let accepted = 0
    for (let run = 0; run < mutations; run += 1) {
      let text = texts[run % texts.length] ?? ''
      for (let round = 0; round <= run % 5; round += 1) text = mutate(text, random)
      try {
        const result = rewrite(text, {
          path: run % 2 === 0 ? 'index.m3u8' : 'a/b/index.m3u8',
          query,
          signAll: checkLeaves,
        })
        if (result.ok) {
          accepted += 1
          checkSignatures(text, result.text)
        }
        rewriteStoryboard(`WEBVTT\n\n00:00.000 --> 00:01.000\n${text}`, place)
        rewriteJson(`{"ASSETS":[{"URI":${JSON.stringify(text.slice(0, 60))}}]}`, place)
      } catch (error) {
        throw new Error(`run ${run} of seed ${seed}: ${JSON.stringify(text)}`, { cause: error })
      }
    }
    console.log(`${accepted} of ${mutations} mutations were accepted, the rest refused`)
    expect(accepted).toBeGreaterThan(mutations / 20)
    expect(accepted).toBeLessThan(mutations)
  })
})
