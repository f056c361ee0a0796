// Properties that hold for every playlist of a corpus: the folder named by HLS_CORPUS, or the fixtures of this project.
// Each file is taken for the `index.m3u8` of its own stream.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readPlaylist } from '../../src/core/hls/playlist.ts'
import { LEAVES_FOLDER, resolveReference } from '../../src/core/hls/reference.ts'
import { CARRIED_PREFIX } from '../../src/core/hls/variables.ts'
import { spliceUrls } from '../../src/core/sigv4/signed-text.ts'
import { API_BASE, ORIGIN, rewrite, rewritten, signed, SIGNER } from '../core/hls/place.ts'
import { readWithHlsJs, readWithVhs } from './parsers.ts'

const fixtures = fileURLToPath(new URL('../fixtures/hls', import.meta.url))
const folder = process.env['HLS_CORPUS'] ?? fixtures
const files = readdirSync(folder)
  .filter((name) => /\.m3u8?$/.test(name))
  .toSorted()

/** Files that reach out of their folder, or are no playlist: the line, and the reason where it is another. */
const REFUSED: ReadonlyMap<string, readonly [number, string?]> = new Map<string, readonly [number, string?]>([
  ['4.1-refused-parent-folder.m3u8', [6]],
  ['4.1-refused-root-relative.m3u8', [4]],
  ['4.1-refused-encoded-dots.m3u8', [3]],
  ['4.1-refused-not-a-playlist.m3u8', [1, 'not a playlist']],
  ['Eyevinn_hls-m3u8__m3u8_sample-playlists_master-with-sessiondata.m3u8', [3]],
  ['Eyevinn_hls-query__testvectors_relative_manifest_1.m3u8', [7]],
  ['carlanton_m3u8-parser__src_test_resources_multivariant_apple-multivariant.m3u8', [5]],
  ['carlanton_m3u8-parser__src_test_resources_multivariant_content-steering.m3u8', [2]],
  ['jellyfin_jellyfin__tests_Jellyfin.Server.Integration.Tests_Test_Data_dummy.m3u8', [1, 'not a playlist']],
  ['videojs_m3u8-parser__test_fixtures_integration_event.m3u8', [5]],
])

/** The lines that are left out: tags that a film plays without, and whose reference reaches out of the folder. */
const LEFT_OUT: ReadonlyMap<string, readonly number[]> = new Map([
  ['4.4.5-left-out.m3u8', [5, 8, 9]],
  ['4.4.5-left-out-bare.m3u8', [4, 5, 8]],
  ['kuu_hls-parser__test_fixtures_m3u8_Low-Latency_Example-01_Low-Latency_HLS_Playlist.m3u8', [54, 55]],
  ['kuu_hls-parser__test_fixtures_m3u8_Low-Latency_Example-02_Playlist_Delta_Update.m3u8', [48, 49]],
  ['videojs_m3u8-parser__test_fixtures_integration_llhls.m3u8', [55, 56]],
])

/** What a parent playlist would define for the files that import. */
const variables = { auth: '?auth_token=/a' }
const query = new Map(Object.entries(variables).map(([name, value]) => [CARRIED_PREFIX + name, value]))
const PLAYER = 'https://player.example.org'
const playerUrl = `${PLAYER}${API_BASE}index.m3u8`

const texts = files.map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
const accepted = texts.filter(([name]) => !REFUSED.has(name))
const refused = texts.filter(([name]) => REFUSED.has(name))
const counts = { sites: 0, signed: 0, api: 0, foreign: 0 }

/** What is handed on of a stored text. */
function played(name: string, text: string): string {
  const leftOut = LEFT_OUT.get(name) ?? []
  return leftOut.length === 0
    ? text
    : (text.match(/.*(?:\n|$)/g) ?? []).filter((_, index) => !leftOut.includes(index + 1)).join('')
}

/** The text as players get it apart from URIs: nothing before the first line, no promise of a live server. */
function withoutUris(text: string): string {
  return text
    .replace(/^[\uFEFF \t\r\n]+/, '')
    .replace(/(?<=[:,][ \t]*(?:SERVER-|X-ASSET-)?URI=)(?:"[^"\n]*"|[^",\n\r]*[^",\n\r \t])/g, '"…"')
    .replace(/(?<=X-ASSET-LIST=)"[^"\n]*"/g, '"…"')
    .replace(/(?<=^#EXT-X-PREFETCH:).*$/gm, '…')
    .replace(/(?<=^[ \t]*)[^#\s](?:[^\r\n]*[^\s])?(?=[ \t]*\r?$)/gm, '…')
    .replace(/^(#EXT-X-SERVER-CONTROL:).*$/gm, '$1…')
}

/** What the tests expect at a place where a player saw this reference before. */
function wantedFor(seen: string): readonly string[] {
  const base = `${PLAYER}${API_BASE}`
  const reference = seen.startsWith(base) ? seen.slice(base.length) : seen
  const resolved = resolveReference(reference, 'index.m3u8')
  if (resolved.kind !== 'inside') return [seen]
  const api = API_BASE + resolved.encodedPath + resolved.query + resolved.fragment
  return [signed(decodeURIComponent(resolved.encodedPath)) + resolved.fragment, api, ORIGIN + api, PLAYER + api]
}

/** Walks two readings side by side: they differ only in URIs, and each difference is one we meant. */
function compare(before: unknown, after: unknown, path: string): void {
  if (/\.(?:serverControl|hasVariableRefs)$/.test(path)) return
  if (typeof before === 'object' && before !== null && typeof after === 'object' && after !== null) {
    expect([path, Object.keys(after)]).toEqual([path, Object.keys(before)])
    const other = new Map(Object.entries(after))
    for (const [key, value] of Object.entries(before)) compare(value, other.get(key), `${path}.${key}`)
    return
  }
  if (typeof before !== 'string' || typeof after !== 'string' || before === after) {
    expect([path, after]).toEqual([path, before])
    return
  }
  // A child playlist's address may carry the variables it can import.
  const shown = after.trim().replace(/[?&]_lg_v_[^#]*/, '')
  expect([path, wantedFor(before.trim())]).toEqual([path, expect.arrayContaining([shown])])
}

/** Every string a player would fetch. */
function urisOf(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string')
    return /^(?:uri|relurl|url|serverUri|SERVER-URI|X-ASSET-(?:URI|LIST)|xAsset(?:Uri|List))$/i.test(key) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => urisOf(inner, /^\d+$/.test(name) ? key : name))
}

afterAll(() => {
  console.log(`corpus ${folder === fixtures ? 'test/fixtures/hls' : 'of HLS_CORPUS'}: ${files.length} playlists`)
  console.log(`${accepted.length} rewritten, ${refused.length} refused;`, counts)
})

describe('rewritePlaylist, over the corpus', () => {
  it('has playlists to look at', () => {
    expect(accepted.length).toBeGreaterThan(10)
    expect(refused.length).toBeGreaterThan(0)
  })

  it.each(accepted)('changes nothing but URIs in %s', (name, text) => {
    expect(withoutUris(rewritten(text, { query }))).toBe(withoutUris(played(name, text)))
  })

  it.each(accepted)('gives %s back when each URI is replaced by itself', (_, text) => {
    const playlist = readPlaylist(text, query)
    if (!playlist.ok) throw new Error(playlist.reason)
    const edits = playlist.sites.map(({ start, end }) => ({ start, end, text: text.slice(start, end) }))
    expect(spliceUrls({ text, edits }, [])).toBe(text)
    counts.sites += edits.length
  })

  it.each(accepted)('means the same to VHS and hls.js before and after in %s', (name, text) => {
    const head = played(name, text).replace(/^[\uFEFF \t\r\n]+/, '')
    const after = rewritten(text, { query })
    compare(readWithVhs(head, playerUrl, variables), readWithVhs(after, playerUrl, variables), 'vhs')
    compare(readWithHlsJs(head, playerUrl, variables), readWithHlsJs(after, playerUrl, variables), 'hls.js')
  })

  it.each(accepted)('leaves nothing in %s that a player would fetch unsigned from beside the playlist', (_, text) => {
    const after = rewritten(text, { query })
    const readings = [readWithVhs(after, playerUrl, variables), readWithHlsJs(after, playerUrl, variables)]
    const written = new Set(after.split(/[\r\n"]+/).map((value) => value.trim()))
    for (const uri of readings.flatMap((reading) => urisOf(reading)).map((value) => value.trim())) {
      // hls.js takes the title of an `#EXTINF:-1,title` for a URI; no reference of the author's is left unsigned by that.
      const isReference = written.has(uri) || uri.startsWith(PLAYER)
      if (!isReference || uri === '' || !URL.canParse(uri, playerUrl)) continue
      const url = new URL(uri, playerUrl)
      if (url.origin === PLAYER)
        expect([uri, url.href]).toEqual([
          expect.stringContaining(API_BASE),
          expect.stringMatching(`^${PLAYER}${API_BASE}`),
        ])
    }
  })

  it.each(accepted)('gives the same text for %s every time', (_, text) => {
    expect(rewritten(text, { query })).toBe(rewritten(text, { query }))
  })

  it.each(accepted)('shows a signature in %s only to the host that made it', (_, text) => {
    const before = text.split('X-Amz-Signature=5160').length
    const after = rewritten(text, { query })
    const signatures = after.split('X-Amz-Signature=5160').length - before
    expect(after.match(new RegExp(`${SIGNER}[^"\\s?]*\\?X-Amz-Signature=5160`, 'g')) ?? []).toHaveLength(signatures)
    for (const [, host] of text.matchAll(/((?:https?:)?\/\/[^/"\s{]+)/g)) {
      expect(after).not.toMatch(new RegExp(`${host?.replace(/[^a-z0-9]/gi, '\\$&')}[^"\\r\\n]*X-Amz-Signature=5160`))
      counts.foreign += 1
    }
    counts.signed += signatures
    counts.api += after.split(API_BASE).length - 1
  })

  it.each(refused)('refuses %s at the line that leaves the folder', (name, text) => {
    const [line, reason] = REFUSED.get(name) ?? [0]
    expect(rewrite(text, { query })).toEqual({ ok: false, line, reason: reason ?? LEAVES_FOLDER })
  })

  const reachingOut = texts.filter(([name]) => REFUSED.has(name) || LEFT_OUT.has(name))
  it.each(reachingOut.filter(([, text]) => /(?:^|")\.\.\//m.test(text)))(
    'rewrites %s where its .. stays inside',
    (_, text) => {
      const after = rewritten(text, { query, path: 'a/b/c/index.m3u8' })
      expect(withoutUris(after)).toBe(withoutUris(text))
      expect(after).not.toMatch(/(?:^|")\.\./m)
    },
  )
})
