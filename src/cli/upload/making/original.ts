// What is kept as a video's original when the file itself cannot be: the best rung with the first sound, in one file.
import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_PARTED_BYTES } from '../../../core/storage/parts.ts'
import type { Film } from '../film/film.ts'
import { flush } from './flush.ts'
import { renditionInput } from '../tools/input.ts'
import type { Rung } from '../../../core/packaging/ladder.ts'
import { DISK_FULL, UploadProblem } from '../problem.ts'
import { measureRendition } from './rendition.ts'
import { rungFolder } from './renditions.ts'
import { runFfmpeg } from '../tools/tool.ts'
import { placeAudio } from '../film/tracks.ts'

/** Joins without encoding again the largest rung that stays below `maxBytes` with its sound; undefined when none does. */
export async function joinOriginal(
  order: { folder: string; film: Film; ladder: readonly Rung[]; signal?: AbortSignal },
  maxBytes: number = MAX_PARTED_BYTES,
): Promise<string | undefined> {
  const hls = join(order.folder, 'hls')
  const sound = placeAudio(order.film)[0]?.folder
  const soundBytes = sound === undefined ? 0 : (await measureRendition(join(hls, sound))).bytes
  for (const rung of order.ladder) {
    const { bytes } = await measureRendition(join(hls, rungFolder(rung)))
    // The tables of one file are smaller than those of many, but not free.
    if ((bytes + soundBytes) * 1.01 > maxBytes) continue
    const inputs = [rungFolder(rung), ...(sound === undefined ? [] : [sound])]
    const file = join(order.folder, 'original.mp4')
    const name = `original.part-${process.pid}`
    const part = join(order.folder, name)
    const read = inputs.map((folder) => renditionInput(join(hls, folder, 'index.m3u8')))
    const maps = inputs.flatMap((_, i) => ['-map', String(i)])
    const write = ['-c', 'copy', '-movflags', '+faststart', '-fflags', '+bitexact', '-f', 'mp4', name]
    await runFfmpeg(read, [...maps, ...write], { signal: order.signal, folder: order.folder })
    // Its tables come on top of the media, so that less is a file that was cut off.
    if ((await stat(part)).size < (bytes + soundBytes) * 0.9) throw new UploadProblem(DISK_FULL)
    await flush(part)
    await rename(part, file)
    return file
  }
  return undefined
}
