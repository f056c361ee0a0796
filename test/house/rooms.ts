// The floor plan of src, read from its own imports: which room imports which. A room is a folder of a floor, with the
// file of the same name beside it; the other files that lie on a floor itself are its base room.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

/** What each floor may import besides itself. A floor that is not named here may not exist. */
export const FLOORS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  api: ['core'],
  domain: ['core'],
  config: ['core'],
  wasm: [],
  platform: ['core', 'domain', 'wasm'],
  client: ['api'],
  http: ['core', 'api', 'domain'],
  deps: ['core', 'domain', 'config', 'platform'],
  app: ['core', 'domain', 'config', 'http', 'deps'],
  background: ['core', 'domain'],
  index: ['app', 'background', 'config', 'deps', 'http', 'platform'],
  web: ['core', 'client'],
  cli: ['core', 'client', 'config', 'domain'],
}

export interface Arrow {
  /** Floor and room, such as `core/hls`; a base room is `core`. */
  readonly from: string
  readonly to: string
  readonly count: number
}

/** Every import between two rooms, counted, in the order of their names. */
export function readArrows(folder: string = SRC): readonly Arrow[] {
  const counts = new Map<string, number>()
  for (const file of sourceFiles(folder)) {
    const from = roomOf(relative(folder, file))
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/\b(?:from |import\()'(\.[^']+)'/g)) {
      const target = relative(folder, join(dirname(file), specifier))
      if (target.startsWith('..')) continue
      const to = roomOf(target)
      if (from !== to) counts.set(`${from} → ${to}`, (counts.get(`${from} → ${to}`) ?? 0) + 1)
    }
  }
  return [...counts]
    .map(([arrow, count]) => {
      const [from = '', to = ''] = arrow.split(' → ')
      return { from, to, count }
    })
    .sort((a, b) => `${a.from} ${a.to}`.localeCompare(`${b.from} ${b.to}`))
}

/** The floor of a room. */
export function floorOf(room: string): string {
  return room.split('/')[0] ?? ''
}

/** Arrows that run to a floor which `FLOORS` does not allow. */
export function forbiddenArrows(arrows: readonly Arrow[]): readonly Arrow[] {
  return arrows.filter(({ from, to }) => {
    const [floor, target] = [floorOf(from), floorOf(to)]
    return floor !== target && FLOORS[floor]?.includes(target) !== true
  })
}

/** Rooms that can be reached from themselves: pairs that import in both directions, and longer circles. */
export function roomsInCircles(arrows: readonly Arrow[]): readonly string[] {
  const targets = new Map<string, string[]>()
  for (const { from, to } of arrows) targets.set(from, [...(targets.get(from) ?? []), to])
  return [...targets.keys()].filter((room) => {
    const seen = new Set<string>()
    const waiting = [...(targets.get(room) ?? [])]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      waiting.push(...(targets.get(next) ?? []))
    }
    return seen.has(room)
  })
}

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function roomOf(path: string): string {
  const [floor = '', room = '', ...rest] = path.split('/')
  if (room === '') return floor.replace(/\.\w+$/, '')
  const name = room.replace(/\.\w+$/, '')
  return rest.length > 0 || existsSync(join(SRC, floor, name)) ? `${floor}/${name}` : floor
}
