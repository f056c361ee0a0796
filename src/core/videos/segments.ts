// The moments of an analysis: entries with a start, by module, in the shapes that the engine's results have. Pure. The
// file is a customer's: whatever does not fit is passed over.
import { isRecord } from '../json.ts'

export interface Segment {
  readonly module: string
  /** What it says, of the first member that holds words. */
  readonly content: string
  readonly startSeconds: number
  /** Undefined when it says none, or one before its start. */
  readonly endSeconds: number | undefined
  /** Its other members. */
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface Results {
  /** By start; of the same start in the order of the file. */
  readonly segments: readonly Segment[]
  /** Each member of the analysis, as it stands there. */
  readonly modules: ReadonlyMap<string, unknown>
}

const WORDS = ['content', 'text', 'label', 'title', 'description'] as const

/** `data` is unwrapped. Arrays of entries with `start_time`, at a module's name or in `segments` with a `module`. */
export function readResults(document: unknown): Results {
  const root = isRecord(document) && isRecord(document['data']) ? document['data'] : document
  const modules = new Map(isRecord(root) ? Object.entries(root) : [])
  const segments = [...modules].flatMap(([name, value]) => {
    const entries: readonly unknown[] = Array.isArray(value) ? value : []
    return entries.flatMap((entry) => readSegment(entry, name) ?? [])
  })
  return { segments: segments.toSorted((a, b) => a.startSeconds - b.startSeconds), modules }
}

function readSegment(entry: unknown, name: string): Segment | undefined {
  if (!isRecord(entry)) return undefined
  const { start_time: start, end_time: end, module, ...rest } = entry
  if (!isMoment(start)) return undefined
  const holder = WORDS.find((word) => typeof rest[word] === 'string')
  const content = holder === undefined ? '' : String(rest[holder])
  const metadata = Object.fromEntries(Object.entries(rest).filter(([member]) => member !== holder))
  return {
    module: name === 'segments' && typeof module === 'string' && module !== '' ? module : name,
    content,
    startSeconds: start,
    endSeconds: isMoment(end) && end >= start ? end : undefined,
    metadata,
  }
}

/** Seconds of a film: no film is ten days long. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 864_000
}
