// Rewrites a WebVTT storyboard, whose cues name the images of a seek bar: `sprite.jpg#xywh=0,0,160,90`. Pure: signs
// nothing. It leaves every other cue alone: captions are text, even when they speak of a file.

import { assemble, type UnsignedPlaylist, type Place } from './assemble.ts'
import { type Line, readLines } from './lines.ts'
import { malformed, type Malformed } from './malformed.ts'
import type { UriReference } from './sites.ts'

export type DocumentRewrite = { readonly ok: true; readonly draft: UnsignedPlaylist } | Malformed

const SPATIAL_FRAGMENT = /#(?:[^#]*&)?xywh=/
const IMAGE_FILE = /^[^\s<>?#]+\.(?:jpe?g|png|webp|gif|avif)(?:[?#]\S*)?$/i
/** The same with spaces: a line of a caption can look like it, but not every cue of a file. */
const SPACED_IMAGE_FILE = /^[^<>?#]+\.(?:jpe?g|png|webp|gif|avif)(?:[?#]\S*)?$/i

/** The storyboard with each image to be presigned (Media Fragments §4.2.2); never throws, whatever the text. */
export function rewriteStoryboard(text: string, place: Place): DocumentRewrite {
  if (!isWebVtt(text)) return malformed(1, 'not a WebVTT file')
  return assemble(text, findImages(text), { place, lineRole: 'media', childQuery: '', edits: [] })
}

/** Whether the text is WebVTT and a cue of it names an image. */
export function isStoryboard(text: string): boolean {
  return isWebVtt(text) && findImages(text).length > 0
}

function isWebVtt(text: string): boolean {
  return /^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(text)
}

function findImages(text: string): readonly UriReference[] {
  const cues = readCues(text)
  const isNothingElse = cues.every(([line, ...more]) => {
    return more.length === 0 && line !== undefined && namesImage(contentOf(text, line), SPACED_IMAGE_FILE)
  })
  const file = isNothingElse ? SPACED_IMAGE_FILE : IMAGE_FILE
  return cues.flat().flatMap((line) => {
    const reference = contentOf(text, line)
    return namesImage(reference, file) ? [toUriReference(line, reference)] : []
  })
}

/** The lines of each cue's payload; a cue without any is passed over. */
function readCues(text: string): readonly (readonly Line[])[] {
  const cues: Line[][] = []
  let cue: Line[] | undefined
  for (const line of readLines(text)) {
    if (line.start === line.end) {
      cue = undefined
    } else if (contentOf(text, line).includes('-->')) {
      cue = []
    } else if (cue !== undefined) {
      if (cue.length === 0) cues.push(cue)
      cue.push(line)
    }
  }
  return cues
}

function contentOf(text: string, line: Line): string {
  return text.slice(line.start, line.end)
}

function namesImage(content: string, file: RegExp): boolean {
  return SPATIAL_FRAGMENT.test(content) || file.test(content)
}

function toUriReference({ number, start, end }: Line, reference: string): UriReference {
  return {
    line: number,
    start,
    end,
    reference,
    role: 'media',
    needsQuotes: false,
    dispensable: undefined,
    tagDay: undefined,
    isWholeFile: false,
  }
}
