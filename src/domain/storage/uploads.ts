// Where a caller may upload to and download from: presigned URLs in their own folder. No I/O at all in a personal workspace.
import { sanitizeFileName } from '../../core/storage/file-name.ts'
import { Fault } from '../../core/fault.ts'
import { fileNameOf, type ObjectKey } from '../../core/storage/object-key.ts'
import type { Principal } from '../../core/auth/principal.ts'
import { extensionOf, fitsExtension, isMediaExtension } from '../../core/storage/media-type.ts'
import { userFolder } from '../../core/storage/media-key.ts'
import type { Delivery, Link, Uploads } from '../delivery/delivery.ts'
import { claimUploads, type MakerDeps } from './makers.ts'
import { ownKey } from './own-key.ts'

export interface UploadDeps extends MakerDeps {
  readonly delivery: Pick<Delivery, 'upload' | 'link'>
}

export interface UploadTerms {
  readonly origin: string
  readonly expiresSeconds: number
  /** What is given is signed, and the client must send it exactly so. */
  readonly contentType: string | undefined
  readonly sizeBytes: number | undefined
}

export interface NamedUpload {
  readonly url: string
  readonly expiresAtMs: number
  readonly key: ObjectKey
  readonly originalName: string
}

/** One upload: to a key taken literally, or under a film's file name, which is sanitised. */
export async function uploadLink(
  deps: UploadDeps,
  principal: Principal,
  input: UploadTerms & { readonly target: { fileName: string } | { key: string } },
): Promise<NamedUpload> {
  const { target } = input
  const key = 'key' in target ? uploadKey(principal, target.key, 'key') : nameKey(principal, target.fileName)
  const { urls, expiresAtMs } = sign(deps, [key], input)
  await claimUploads(deps, principal, [key])
  const originalName = 'key' in target ? fileNameOf(key) : target.fileName
  return { url: urls[0] ?? '', expiresAtMs, key, originalName }
}

/** Many uploads on the same terms, in order: one foreign or malformed key refuses all. */
export async function uploadLinks(
  deps: UploadDeps,
  principal: Principal,
  input: UploadTerms & { readonly keys: readonly string[] },
): Promise<{
  readonly links: readonly { readonly key: ObjectKey; readonly url: string }[]
  readonly expiresAtMs: number
}> {
  const keys = input.keys.map((key, index) => uploadKey(principal, key, `keys.${index}`))
  const { urls, expiresAtMs } = sign(deps, keys, input)
  await claimUploads(deps, principal, keys)
  return { links: keys.map((key, index) => ({ key, url: urls[index] ?? '' })), expiresAtMs }
}

/** A presigned URL of one of the caller's objects, whether it exists or not. */
export function downloadLink(
  deps: Pick<UploadDeps, 'delivery'>,
  principal: Principal,
  input: { readonly key: string; readonly field: string; readonly origin: string },
): Link {
  const key = ownKey(principal, input.key, input.field)
  // The playing time is unknown, so the URL lives as long as for the longest film.
  return deps.delivery.link({ method: 'GET', key, origin: input.origin, playingSeconds: undefined })
}

/** An own key that may be uploaded to, by its extension. */
export function uploadKey(principal: Principal, text: string, field: string): ObjectKey {
  const key = ownKey(principal, text, field)
  const extension = extensionOf(fileNameOf(key))
  if (extension === undefined || !isMediaExtension(extension)) {
    throw new Fault('validation_error', `${field}: must end in the extension of a film or of a part of a stream`)
  }
  return key
}

/** The own key of a film's sanitised file name. */
export function nameKey(principal: Principal, fileName: string): ObjectKey {
  const name = sanitizeFileName(fileName)
  if (name === undefined) throw new Fault('validation_error', 'file_name: must end in the extension of a film')
  return ownKey(principal, userFolder(principal.userId) + name, 'file_name')
}

function sign(
  deps: Pick<UploadDeps, 'delivery'>,
  keys: readonly ObjectKey[],
  { origin, expiresSeconds, contentType, sizeBytes }: UploadTerms,
): Uploads {
  if (contentType !== undefined) requireFittingType(keys, contentType)
  return deps.delivery.upload(keys, { origin, expiresSeconds, contentType, sizeBytes })
}

/** 422 unless all of the keys may be stored as this type. */
export function requireFittingType(keys: readonly ObjectKey[], contentType: string): void {
  if (keys.every((key) => fitsExtension(extensionOf(fileNameOf(key)) ?? '', contentType))) return
  throw new Fault('validation_error', 'content_type: must fit the extension, or be application/octet-stream')
}
