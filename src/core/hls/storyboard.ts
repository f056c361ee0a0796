// Rewrites a WebVTT storyboard, whose cues name the images of a seek bar: `sprite.jpg#xywh=0,0,160,90`. Pure: signs
// nothing. It leaves every other cue alone: captions are text, even when they speak of a file.

import { assemble, type Draft, type Place } from './assemble.ts'
import { readLines } from './lines.ts'
import { malformed, type Malformed } from './malformed.ts'
import type { Site } from './sites.ts'

export type DocumentRewrite = { readonly ok: true; readonly draft: Draft } | Malformed

const SPATIAL_FRAGMENT = /#(?:[^#]*&)?xywh=/
const IMAGE_FILE = /^[^\s<>?#]+\.(?:jpe?g|png|webp|gif|avif)(?:[?#]\S*)?$/i

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

function findImages(text: string): readonly Site[] {
  const sites: Site[] = []
  let isPayload = false
  for (const line of readLines(text)) {
    const content = text.slice(line.start, line.end)
    if (content === '') isPayload = false
    else if (content.includes('-->')) isPayload = true
    else if (isPayload && namesImage(content)) {
      sites.push({
        line: line.number,
        start: line.start,
        end: line.end,
        reference: content,
        role: 'media',
        needsQuotes: false,
        dispensable: undefined,
        tagDay: undefined,
        isWholeFile: false,
      })
    }
  }
  return sites
}

function namesImage(content: string): boolean {
  return SPATIAL_FRAGMENT.test(content) || IMAGE_FILE.test(content)
}
