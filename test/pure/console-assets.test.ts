// What the console loads until its first room is there, as npm install built it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const FOLDER = 'public/console/assets'
const BUDGET_BYTES = 150_000

/** With everything that it imports at once, and that in turn. */
function loadedWith(name: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  const text = readFileSync(join(FOLDER, name), 'utf8')
  for (const [, path = ''] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) loadedWith(path, seen)
  return seen
}

describe('the console’s scripts', () => {
  it('are less than 150 kB, gzip, until the videos are there', () => {
    const names = [...loadedWith('console.js')]
    const bytes = names.reduce((sum, name) => sum + gzipSync(readFileSync(join(FOLDER, name))).length, 0)
    console.log(`${names.length} scripts, ${bytes} bytes gzip`)
    expect(names.length).toBeGreaterThan(1)
    expect(bytes).toBeLessThan(BUDGET_BYTES)
  })

  it('come without the rooms that are opened later', () => {
    const names = [...loadedWith('console.js')].join(' ')
    for (const room of ['film-room', 'keys-room', 'health-room', 'palette', 'de']) {
      expect(names).not.toMatch(new RegExp(`\\b${room}-[A-Z0-9]{8}\\.js`))
    }
  })
})
