// The subtitle tracks of a multivariant playlist (RFC 8216bis §4.4.6.1): listed, put in place, removed. Pure. Changes no
// line but those of subtitles and of the variants that they belong to.
import { findAttribute, readAttributes, type Attribute } from './attributes.ts'
import { readLines, type Line } from './lines.ts'

export interface SubtitleTrack {
  /** As it is written, a BCP 47 tag; undefined when the playlist says none. */
  readonly language: string | undefined
  readonly name: string
  /** As it is written. */
  readonly uri: string
  /** Shown to everyone who understands the sound, whatever they chose. */
  readonly isForced: boolean
}

/** A track to put in place: neither text has a quote, a line break or another control character. */
export interface NewSubtitleTrack extends SubtitleTrack {
  readonly language: string
}

const MEDIA = '#EXT-X-MEDIA:'
const VARIANT = '#EXT-X-STREAM-INF:'
/** Of a playlist that has none yet. */
const GROUP = 'words'

interface MediaLine {
  readonly line: Line
  readonly group: string
  readonly track: SubtitleTrack
}

/** In the order of the playlist; undefined when it is no multivariant playlist, or cannot be read. */
export function listSubtitleTracks(text: string): readonly SubtitleTrack[] | undefined {
  return readTracks(text)?.map(({ track }) => track)
}

/**
 * With a track in place of those of its language that are forced, or not, as it is; undefined when the text is no
 * multivariant playlist, or cannot be read. A name that another track has gets a number (§4.4.6.1.1).
 */
export function putSubtitleTrack(text: string, track: NewSubtitleTrack): string | undefined {
  const present = readTracks(text)
  if (present === undefined) return undefined
  const groups = [...new Set(present.map(({ group }) => group))]
  const isReplaced = ({ track: one }: MediaLine): boolean =>
    isOfLanguage(one, track.language) && one.isForced === track.isForced
  const names = new Set(present.filter((one) => !isReplaced(one)).map((one) => one.track.name))
  const named = { ...track, name: unused(names, track.name) }
  const added = (groups.length === 0 ? [GROUP] : groups).map((group) => mediaLine(named, group))
  let isAdded = false
  return edit(text, present.filter(isReplaced), (line, content) => {
    const isVariant = content.startsWith(VARIANT)
    const before = isAdded || !(isVariant || content.startsWith(MEDIA)) ? [] : added
    if (before.length > 0) isAdded = true
    const lacksGroup = isVariant && attribute(text, line, 'SUBTITLES') === undefined
    return [...before, lacksGroup ? `${content},SUBTITLES="${groups[0] ?? GROUP}"` : content]
  })
}

/** Without the tracks of a language, forced or not; undefined when there is none. */
export function removeSubtitleTracks(text: string, language: string): string | undefined {
  const present = readTracks(text) ?? []
  const gone = present.filter(({ track }) => isOfLanguage(track, language))
  if (gone.length === 0) return undefined
  const left = new Set(present.filter((one) => !gone.includes(one)).map(({ group }) => group))
  return edit(text, gone, (line, content) => {
    const group = content.startsWith(VARIANT) ? attribute(text, line, 'SUBTITLES') : undefined
    if (group === undefined || left.has(valueOf(text, group))) return [content]
    return [withoutAttribute(text, line, group)]
  })
}

function isOfLanguage(track: SubtitleTrack, language: string): boolean {
  return track.language?.toLowerCase() === language.toLowerCase()
}

function readTracks(text: string): readonly MediaLine[] | undefined {
  const tracks: MediaLine[] = []
  let hasVariant = false
  for (const line of readLines(text)) {
    if (text.startsWith(VARIANT, line.start)) hasVariant = true
    if (!text.startsWith(MEDIA, line.start)) continue
    const attributes = readAttributes(text, line.start + MEDIA.length, line.end)
    if (attributes === undefined) return undefined
    const read = (name: string): string | undefined => {
      const found = findAttribute(attributes, name)
      return found && valueOf(text, found)
    }
    const uri = read('URI')
    if (read('TYPE') !== 'SUBTITLES' || uri === undefined) continue
    const track = { language: read('LANGUAGE'), name: read('NAME') ?? '', uri, isForced: read('FORCED') === 'YES' }
    tracks.push({ line, group: read('GROUP-ID') ?? GROUP, track })
  }
  return hasVariant ? tracks : undefined
}

/** Every line as it was, but for those that go, and those that `change` writes otherwise. */
function edit(
  text: string,
  gone: readonly MediaLine[],
  change: (line: Line, content: string) => readonly string[],
): string {
  const numbers = new Set(gone.map(({ line }) => line.number))
  let out = ''
  for (const line of readLines(text)) {
    if (numbers.has(line.number)) continue
    const content = text.slice(line.start, line.end)
    const lines = change(line, content)
    if (lines.length === 1 && lines[0] === content) out += text.slice(line.from, line.next)
    else for (const one of lines) out += one + (line.ending === 'crlf' ? '\r\n' : '\n')
  }
  return out
}

/** Of a variant. */
function attribute(text: string, line: Line, name: string): Attribute | undefined {
  const attributes = readAttributes(text, line.start + VARIANT.length, line.end)
  return attributes && findAttribute(attributes, name)
}

function valueOf(text: string, { start, end }: Attribute): string {
  return text.slice(start, end)
}

/** With the comma before it, or the one behind it when it is the first. */
function withoutAttribute(text: string, line: Line, { from, end, isQuoted }: Attribute): string {
  const before = text.slice(line.start, from).trimEnd()
  const after = text.slice(end + (isQuoted ? 1 : 0), line.end).trimStart()
  return before.endsWith(',') ? before.slice(0, -1) + after : before + after.replace(/^,/, '')
}

function mediaLine({ language, name, uri, isForced }: NewSubtitleTrack, group: string): string {
  return (
    `${MEDIA}TYPE=SUBTITLES,GROUP-ID="${group}",NAME="${name}",LANGUAGE="${language}",` +
    `DEFAULT=NO,AUTOSELECT=YES,FORCED=${isForced ? 'YES' : 'NO'},URI="${uri}"`
  )
}

function unused(taken: ReadonlySet<string>, wanted: string): string {
  let text = wanted
  for (let n = 2; taken.has(text); n++) text = `${wanted} ${n}`
  return text
}
