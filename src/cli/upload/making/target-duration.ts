// One target duration for all of a stream's pictures and sounds, as players that change between them rely on
// (RFC 8216 §6.2.4; subtitles and I-frame playlists of a whole film are excepted by RFC 8216bis).
import { readFile, rename, writeFile } from 'node:fs/promises'

const TAG = /^#EXT-X-TARGETDURATION:(\d+)$/m

/** Gives each playlist the longest of their target durations. */
export async function alignTargetDurations(playlists: readonly string[]): Promise<void> {
  const texts = await Promise.all(playlists.map((file) => readFile(file, 'utf8')))
  const longest = Math.max(...texts.map((text) => Number(TAG.exec(text)?.[1] ?? 0)))
  for (const [i, file] of playlists.entries()) {
    const text = texts[i] ?? ''
    const aligned = text.replace(TAG, `#EXT-X-TARGETDURATION:${longest}`)
    if (aligned === text) continue
    // Whole or not at all: a playlist cut off by a kill would be kept by the next run.
    const part = `${file}.part-${process.pid}`
    await writeFile(part, aligned)
    await rename(part, file)
  }
}
