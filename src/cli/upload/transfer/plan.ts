// What is sent, under which keys, and what need not be sent because it is there. Pure.
import type { UserId } from '../../../core/auth/principal.ts'
import type { ObjectKey } from '../../../core/storage/object-key.ts'
import { streamKey as keyInStream, thumbnailKey, ENTRY_PLAYLIST } from '../../../core/storage/media-key.ts'
import { formatBytes } from '../progress.ts'
import { extensionOf, isFilmExtension, mediaType } from '../../../core/storage/media-type.ts'
import { MAX_PARTED_BYTES } from '../../../core/storage/parts.ts'

export interface LocalFile {
  readonly path: string
  readonly sizeBytes: number
}

export interface UploadObject extends LocalFile {
  readonly key: string
  readonly contentType: string
}

export interface Upload {
  readonly userId: UserId
  readonly jobId: string
}

/** Why the file itself cannot be kept as the video's original; undefined when it can. */
export function whyNotOriginal(fileName: string, sizeBytes: number): string | undefined {
  const extension = extensionOf(fileName)
  if (extension === undefined || !isFilmExtension(extension)) {
    return `the service takes no ${extension === undefined ? 'file without an extension' : `.${extension}`} as an original`
  }
  return sizeBytes > MAX_PARTED_BYTES ? 'the file is larger than 5 TB' : undefined
}

/** Why this service cannot keep the file, which would be met only after all the work; undefined when it can. */
export function whyTooLarge(fileName: string, sizeBytes: number, largestBytes: number): string | undefined {
  if (whyNotOriginal(fileName, sizeBytes) !== undefined || sizeBytes <= largestBytes) return undefined
  return (
    `This service takes no file over ${formatBytes(largestBytes)}, and ${fileName} has ${formatBytes(sizeBytes)}: ` +
    'add --no-original to upload its stream alone.'
  )
}

/** The key of a file of the stream by its path below the stream's folder. */
export function streamKey({ userId, jobId }: Upload, path: string): ObjectKey {
  return keyInStream(userId, jobId, path.replaceAll('\\', '/'))
}

export function pictureKey({ userId, jobId }: Upload): ObjectKey {
  return thumbnailKey(userId, jobId)
}

export function contentTypeOf(name: string): string {
  return mediaType(name, undefined)
}

export interface Transfer {
  /** In this order; large ones first, so that none is left alone at the end. */
  readonly missing: readonly UploadObject[]
  /** Sent when all else is there: a stream whose entry is there can be played. */
  readonly entry: readonly UploadObject[]
  readonly present: readonly UploadObject[]
}

/** `stored`: sizes of what is in the bucket. The same key with the same size need not be sent. */
export function planTransfer(objects: readonly UploadObject[], stored: ReadonlyMap<string, number>): Transfer {
  const isStored = (object: UploadObject): boolean => stored.get(object.key) === object.sizeBytes
  const isEntry = ({ key }: UploadObject): boolean =>
    /\/hls\/[^/]+\/[^/]+$/.test(key) && key.endsWith(`/${ENTRY_PLAYLIST}`)
  const missing = objects.filter((object) => !isStored(object))
  return {
    missing: missing.filter((object) => !isEntry(object)).sort((a, b) => b.sizeBytes - a.sizeBytes),
    entry: missing.filter(isEntry),
    present: objects.filter(isStored),
  }
}

export function totalBytes(objects: readonly LocalFile[]): number {
  return objects.reduce((sum, object) => sum + object.sizeBytes, 0)
}
