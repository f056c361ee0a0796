// The files of a made stream, its thumbnail and its original, each with the key it gets.
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { originalKey } from '../../../core/storage/original-key.ts'
import type { Film } from '../film/film.ts'
import type { Rung } from '../../../core/packaging/ladder.ts'
import { nameOfFile } from '../options.ts'
import { joinOriginal } from '../making/original.ts'
import { contentTypeOf, pictureKey, streamKey, whyNotOriginal } from './plan.ts'
import type { Upload, UploadObject } from './plan.ts'

export interface MadeFilm {
  readonly source: string
  readonly sizeBytes: number
  readonly film: Film
  readonly ladder: readonly Rung[]
  /** Where `makeStream` made it. */
  readonly folder: string
  readonly isOriginalKept: boolean
  /** The largest object that the service takes. */
  readonly largestBytes: number
  readonly signal: AbortSignal
}

/** `original` is one of the objects: the file itself, or what stands for it; undefined when nothing does. */
export async function gatherObjects(
  made: MadeFilm,
  upload: Upload,
): Promise<{ objects: readonly UploadObject[]; original: UploadObject | undefined }> {
  const original = made.isOriginalKept ? await describeOriginal(made, upload) : undefined
  const hls = join(made.folder, 'hls')
  const objects = [await describeFile(join(made.folder, 'thumbnail.jpg'), pictureKey(upload))]
  if (original !== undefined) objects.push(original)
  for (const entry of await readdir(hls, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile()) objects.push(await describeFile(file, streamKey(upload, relative(hls, file))))
  }
  return { objects, original }
}

async function describeOriginal(made: MadeFilm, upload: Upload): Promise<UploadObject | undefined> {
  const fileName = basename(made.source)
  if (whyNotOriginal(fileName, made.sizeBytes) === undefined) {
    return await describeFile(made.source, originalKey(upload, fileName))
  }
  const joined = await joinOriginal(made, made.largestBytes)
  if (joined === undefined) return undefined
  return await describeFile(joined, originalKey(upload, `${nameOfFile(fileName)}.mp4`))
}

async function describeFile(path: string, key: string): Promise<UploadObject> {
  return { path, key, sizeBytes: (await stat(path)).size, contentType: contentTypeOf(key) }
}
