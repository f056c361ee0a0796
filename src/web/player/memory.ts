// What this browser remembers of its viewer, in localStorage and nowhere else. Storage may be full, forbidden or broken:
// then nothing is remembered, and everything works.

export interface Habits {
  readonly volume?: number
  readonly muted?: boolean
  readonly speed?: number
  /** A language or a label; '' for off. */
  readonly subtitles?: string
  /** Picture height in pixels; 0 for Auto. */
  readonly quality?: number
  readonly captionSize?: string
  readonly captionLook?: string
}

export interface Memory {
  habits(): Habits
  remember(habits: Habits): void
  /** Seconds, where an earlier viewing of the film stopped. */
  position(film: string): number | undefined
  /** `undefined` forgets it. */
  keepPosition(film: string, seconds: number | undefined): void
}

const HABITS = 'lynxgate.player'
const POSITIONS = 'lynxgate.positions'

/** The films last seen; older ones are forgotten. */
const MOST_POSITIONS = 50

/** `storage` is asked at every use: reading `localStorage` itself throws where it is forbidden. */
export function makeMemory(storage: () => Storage = () => localStorage): Memory {
  function read(key: string): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(storage().getItem(key) ?? '{}')
      return typeof value === 'object' && value !== null ? { ...value } : {}
    } catch {
      return {}
    }
  }
  function write(key: string, value: unknown): void {
    try {
      storage().setItem(key, JSON.stringify(value))
    } catch {
      // Nothing is remembered.
    }
  }
  return {
    habits: () => habitsOf(read(HABITS)),
    remember: (habits) => write(HABITS, { ...read(HABITS), ...habits }),
    position(film) {
      const seconds = read(POSITIONS)[film]
      return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
    },
    keepPosition(film, seconds) {
      const others = Object.entries(read(POSITIONS)).filter(([name]) => name !== film)
      const kept = seconds === undefined ? others : [...others, [film, Math.round(seconds * 10) / 10]]
      write(POSITIONS, Object.fromEntries(kept.slice(-MOST_POSITIONS)))
    },
  }
}

/** What is stored may have been written by anything: only what has the right form is taken. */
function habitsOf(stored: Readonly<Record<string, unknown>>): Habits {
  const number = (name: string, least: number, most: number): number | undefined => {
    const value = stored[name]
    return typeof value === 'number' && value >= least && value <= most ? value : undefined
  }
  const text = (name: string): string | undefined => {
    const value = stored[name]
    return typeof value === 'string' && value.length < 100 ? value : undefined
  }
  const found = {
    volume: number('volume', 0, 1),
    muted: typeof stored['muted'] === 'boolean' ? stored['muted'] : undefined,
    speed: number('speed', 0.25, 4),
    subtitles: text('subtitles'),
    quality: number('quality', 0, 10_000),
    captionSize: text('captionSize'),
    captionLook: text('captionLook'),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
