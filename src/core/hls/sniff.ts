// Says by its content what an object of a stream's folder is. Pure; never looks at a file name.

import { classifyJson } from './json.ts'
import { readLines } from './lines.ts'
import { isStoryboard } from './storyboard.ts'

export type Content = 'playlist' | 'storyboard' | 'json' | 'other'

/**
 * `storyboard` is WebVTT that names images, `json` an asset list, a steering manifest or chapters. A playlist may
 * lack `#EXTM3U` or begin with comments: its first line is a tag or a comment, and one line is a tag.
 */
export function sniff(text: string): Content {
  if (isPlaylist(text)) return 'playlist'
  if (isStoryboard(text)) return 'storyboard'
  return classifyJson(text) === undefined ? 'other' : 'json'
}

function isPlaylist(text: string): boolean {
  let isFirst = true
  for (const line of readLines(text)) {
    if (line.start === line.end) continue
    if (text.startsWith('#EXT', line.start)) return true
    if (isFirst && text[line.start] !== '#') return false
    isFirst = false
  }
  return false
}
