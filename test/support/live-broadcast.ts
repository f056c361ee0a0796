// A live broadcast as packagers write it, window by window, and what players were given for it: shows every URL of a
// listed object that changed, and whether it was allowed to. Knows the rule by itself; nothing of it is computed by what it tests.
import * as fc from 'fast-check'
import { s3Delivery } from '../../src/domain/delivery/delivery.ts'
import { rewriteText } from '../../src/domain/playback/stream-text.ts'

const DAY_MS = 86_400_000
const MIDNIGHT_MS = Date.UTC(2026, 10, 26)

/** Which segments carry EXT-X-PROGRAM-DATE-TIME. `moving`: whichever is listed first. */
export type Tagging = 'every' | 'nth' | 'some' | 'once' | 'none' | 'moving'

export interface Broadcast {
  readonly tagging: Tagging
  readonly nth: number
  readonly tagStyle: 'plain' | 'zone' | 'space' | 'tab'
  readonly startMs: number
  readonly segmentSeconds: number
  /** Of EXTINF, which is rounded. */
  readonly digits: 0 | 1 | 3
  /** Of the packager's clock, against ours. */
  readonly aheadMs: number
  readonly isEvent: boolean
  readonly firstSequence: number
  readonly windowLength: number
  readonly isTagBeforeDiscontinuity: boolean
  readonly hasMap: boolean
  readonly hasParts: boolean
  /** All segments in one file that grows, which has no date of its own. */
  readonly hasOneFile: boolean
  readonly endsAs: 'never' | 'list' | 'vod'
  /** One number a step: chooses how far the clock goes on, discontinuities, rounding. */
  readonly dice: readonly number[]
}

const HOUR_MS = 3_600_000
/** Of a segment, as a share of the usual length. */
const SHORTEST = 0.75

/** Any broadcast; most of them cross midnight UTC. */
export const broadcasts: fc.Arbitrary<Broadcast> = fc.record({
  tagging: fc.constantFrom<Tagging>('every', 'nth', 'some', 'once', 'none'),
  nth: fc.integer({ min: 2, max: 9 }),
  tagStyle: fc.constantFrom('plain', 'zone', 'space', 'tab'),
  startMs: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: MIDNIGHT_MS - 90_000, max: MIDNIGHT_MS + 10_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: MIDNIGHT_MS - DAY_MS, max: MIDNIGHT_MS }) },
  ),
  segmentSeconds: fc.constantFrom(1, 2, 4, 6, 10, 3600),
  digits: fc.constantFrom(0, 1, 3),
  aheadMs: fc.constantFrom(0, 0, 700, -700, HOUR_MS, -HOUR_MS, 9 * HOUR_MS, -9 * HOUR_MS, 40 * HOUR_MS, -90 * HOUR_MS),
  isEvent: fc.boolean(),
  firstSequence: fc.constantFrom(2, 50, 1_000_000),
  windowLength: fc.integer({ min: 1, max: 8 }),
  isTagBeforeDiscontinuity: fc.boolean(),
  hasMap: fc.boolean(),
  hasParts: fc.boolean(),
  hasOneFile: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
  endsAs: fc.constantFrom('never', 'list', 'list', 'vod'),
  dice: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 8, maxLength: 40 }),
})

/** Packagers that tag whichever segment is listed first, with a clock that is right. */
export const movingTags: fc.Arbitrary<Broadcast> = broadcasts.map((broadcast) => ({
  ...broadcast,
  tagging: 'moving',
  aheadMs: 0,
  hasMap: false,
  hasOneFile: false,
  isEvent: false,
}))

interface Segment {
  readonly number: number
  readonly recordedMs: number
  readonly seconds: number
  /** So long after it is stored it is first read. */
  readonly lateMs: number
  readonly isTagged: boolean
  readonly isBreak: boolean
}

/** One URL that a listed object lost. */
export interface Change {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly atMs: number
  /** Of the segment; undefined for what belongs to none. */
  readonly recordedMs: number | undefined
  /** Of an object without a tag of today or yesterday, over midnight UTC. */
  readonly isAllowed: boolean
}

export interface Showing {
  readonly windows: number
  readonly urls: number
  readonly changes: readonly Change[]
}

interface Given {
  readonly url: string
  readonly atMs: number
}

/** Plays the broadcast to its end and beyond, and looks at every window that was handed out. */
export function show(broadcast: Broadcast): Showing {
  const clock = { nowMs: 0 }
  const delivery = s3Delivery(S3, { urlTtlSeconds: 3600, windowSeconds: 900 }, () => clock.nowMs)
  const segments = record(broadcast)
  let given = new Map<string, Given>()
  const changes: Change[] = []
  let windows = 0
  let urls = 0

  function serve(text: string, listed: readonly Segment[], storedAtMs: number): void {
    const chunks = rewriteText({ delivery }, text, { ...PLACE, storedAtMs })?.chunks ?? []
    const next = new Map<string, Given>()
    for (const [url, name = ''] of decode(chunks).matchAll(
      /https:\/\/storage\.example\.com[^"\s]*\/([^/"\s]+)\?[^"\s]*/g,
    )) {
      checkValidity(url, clock.nowMs)
      const twin = next.get(name)
      if (twin !== undefined && twin.url !== url) throw new Error(`${name} has two URLs in one list`)
      next.set(name, { url, atMs: clock.nowMs })
      urls += 1
      const before = given.get(name)
      if (before === undefined || before.url === url) continue
      const segment = segmentOf(segments, name)
      const isPastMidnight = dayOf(before.atMs) < dayOf(clock.nowMs)
      const isDated = isDatedAt(broadcast, listed, segment, before.atMs, clock.nowMs)
      changes.push({
        name,
        from: before.url,
        to: url,
        atMs: clock.nowMs,
        recordedMs: segment?.recordedMs,
        isAllowed: isPastMidnight && !isDated,
      })
    }
    // What is listed no more is forgotten: a player asks for it by no new URL.
    given = next
    windows += 1
  }

  segments.forEach((segment, step) => {
    const upTo = segments.slice(0, step + 1)
    const listed = broadcast.isEvent ? upTo : upTo.slice(-broadcast.windowLength)
    const storedAtMs = segment.recordedMs + segment.seconds * 1000
    // While it is live it is read when it is new and when the next one is nearly there.
    const nearlyMs = broadcast.segmentSeconds * SHORTEST * 950
    for (const lateMs of [segment.lateMs, nearlyMs]) {
      clock.nowMs = storedAtMs + lateMs
      serve(write(broadcast, listed, segments[step + 1], false), listed, storedAtMs)
    }
    if (step < segments.length - 1 || broadcast.endsAs === 'never') return
    const ended = write(broadcast, listed, undefined, true)
    for (const afterMs of [1000, 20_000, 1_000_000, 3 * HOUR_MS, 7 * HOUR_MS]) {
      clock.nowMs = storedAtMs + nearlyMs + afterMs
      if (isFilmByNow(broadcast, listed, clock.nowMs, storedAtMs)) return
      serve(ended, listed, storedAtMs)
    }
  })
  return { windows, urls, changes }
}

function record(broadcast: Broadcast): readonly Segment[] {
  let recordedMs = broadcast.startMs
  return broadcast.dice.map((die, number) => {
    const seconds = broadcast.segmentSeconds * (SHORTEST + die / 2)
    const segment: Segment = {
      number,
      recordedMs,
      seconds,
      lateMs: digit(die, 2) * 20,
      isTagged: isTagged(broadcast, number, die),
      isBreak: number > 0 && digit(die, 1) < 2,
    }
    recordedMs += seconds * 1000
    return segment
  })
}

function isTagged({ tagging, nth }: Broadcast, step: number, die: number): boolean {
  switch (tagging) {
    case 'every':
      return true
    case 'nth':
      return step % nth === 0
    case 'some':
      return digit(die, 3) < 4
    case 'once':
      return step === 0
    default:
      return false
  }
}

/** A segment's tag, wherever it is written. */
function tagDayOf(broadcast: Broadcast, listed: readonly Segment[], segment: Segment): number | undefined {
  const hasTag = segment.isTagged || (broadcast.tagging === 'moving' && segment === listed[0])
  return hasTag ? dayOf(segment.recordedMs + broadcast.aheadMs) : undefined
}

/** The segment that is named, or whose part is. */
function segmentOf(segments: readonly Segment[], name: string): Segment | undefined {
  const [, number] = /^[sp]-(\d+)[.-]/.exec(name) ?? []
  return segments.find((segment) => String(segment.number) === number)
}

/** Whether the segment has a tag of its own that counted at both times: of the day itself or of the one before. */
function isDatedAt(
  broadcast: Broadcast,
  listed: readonly Segment[],
  segment: Segment | undefined,
  ...times: readonly number[]
): boolean {
  const tagDay = segment && tagDayOf(broadcast, listed, segment)
  return tagDay !== undefined && times.every((ms) => tagDay === dayOf(ms) || tagDay === dayOf(ms) - 1)
}

/** Whether an ended list has become an ordinary film, whose URLs change with the signing window. */
function isFilmByNow(broadcast: Broadcast, listed: readonly Segment[], nowMs: number, endedMs: number): boolean {
  const days = listed.flatMap((segment) => tagDayOf(broadcast, listed, segment) ?? [])
  const today = dayOf(nowMs)
  if (days.some((day) => day === today || day === today + 1)) return false
  if (broadcast.endsAs !== 'vod' && dayOf(endedMs) === today) return false
  const seconds = listed.reduce((sum, segment) => sum + segment.seconds, 0)
  return !(days.includes(today - 1) && seconds < 7.6 * 3600)
}

/** The list as it is stored. */
function write(
  broadcast: Broadcast,
  listed: readonly Segment[],
  coming: Segment | undefined,
  isEnded: boolean,
): string {
  const first = listed[0]?.number ?? 0
  const lines = ['#EXTM3U', '#EXT-X-VERSION:9', '#EXT-X-TARGETDURATION:13']
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${broadcast.isEvent ? 0 : broadcast.firstSequence + first}`)
  if (isEnded && broadcast.endsAs === 'vod') lines.push('#EXT-X-PLAYLIST-TYPE:VOD')
  else if (broadcast.isEvent) lines.push('#EXT-X-PLAYLIST-TYPE:EVENT')
  if (broadcast.hasMap) lines.push(`#EXT-X-MAP:URI="${broadcast.hasOneFile ? 'all' : 'init'}.mp4"`)
  for (const segment of listed) lines.push(...block(broadcast, listed, segment))
  if (isEnded) lines.push('#EXT-X-ENDLIST')
  else if (broadcast.hasParts && coming !== undefined) lines.push(...beginning(broadcast, listed, coming))
  return `${lines.join('\n')}\n`
}

function block(broadcast: Broadcast, listed: readonly Segment[], segment: Segment): readonly string[] {
  const { number, seconds } = segment
  const parts = broadcast.hasParts ? [0, 1].map((part) => writePart(number, part)) : []
  return [
    ...head(broadcast, listed, segment),
    ...parts,
    `#EXTINF:${seconds.toFixed(broadcast.digits)},`,
    ...(broadcast.hasOneFile ? [`#EXT-X-BYTERANGE:1000@${number * 1000}`, 'all.mp4'] : [`s-${number}.m4s`]),
  ]
}

/** Of a segment that is still being made: its first part, and a hint of the second. */
function beginning(broadcast: Broadcast, listed: readonly Segment[], segment: Segment): readonly string[] {
  const { number } = segment
  const hint = `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p-${number}-1.m4s"`
  return [...head(broadcast, listed, segment), writePart(number, 0), hint]
}

function head(broadcast: Broadcast, listed: readonly Segment[], segment: Segment): readonly string[] {
  const tag = tagDayOf(broadcast, listed, segment) === undefined ? [] : [writeTag(broadcast, segment.recordedMs)]
  const discontinuity = segment.isBreak ? ['#EXT-X-DISCONTINUITY'] : []
  return broadcast.isTagBeforeDiscontinuity ? [...tag, ...discontinuity] : [...discontinuity, ...tag]
}

function writePart(number: number, part: number): string {
  return `#EXT-X-PART:DURATION=1,URI="p-${number}-${part}.m4s"`
}

function writeTag({ tagStyle, aheadMs }: Broadcast, recordedMs: number): string {
  const ms = Math.round(recordedMs + aheadMs)
  const name = '#EXT-X-PROGRAM-DATE-TIME:'
  if (tagStyle === 'zone') return `${name}${new Date(ms + 5.5 * HOUR_MS).toISOString().slice(0, -1)}+05:30`
  const blank = { plain: '', space: ' ', tab: '\t' }[tagStyle]
  return `${name}${blank}${new Date(ms).toISOString()}`
}

/** Dated in the past, and good for 12 hours and more: SigV4 knows no other URL. */
function checkValidity(url: string, nowMs: number): void {
  const { searchParams } = new URL(url)
  const date = searchParams.get('X-Amz-Date') ?? ''
  const signedMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const leftMs = signedMs + Number(searchParams.get('X-Amz-Expires')) * 1000 - nowMs
  if (!(signedMs <= nowMs && leftMs >= 12 * HOUR_MS)) throw new Error(`handed out at ${nowMs}: ${url}`)
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS)
}

/** A digit of a number from 0 to 1, 0…9. */
function digit(die: number, place: number): number {
  return Math.floor(die * 10 ** place) % 10
}

function decode(chunks: Iterable<Uint8Array>): string {
  return Array.from(chunks, (chunk) => new TextDecoder().decode(chunk)).join('')
}

const S3 = {
  endpoint: 'https://storage.example.com',
  region: 'auto',
  bucket: 'media',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY',
}
const PLACE = {
  path: 'index.m3u8',
  apiBase: '/api/playback/stream/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/',
  origin: 'https://api.example.com',
  query: new Map<string, string>(),
  folder: 'users/0b8c6f0e-2f0e-4f7a-9a34-6f1f2a9f3c11/hls/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/',
}
