// Sends one large file in parts, and goes on with those that are missing: the parts that have arrived are known by the
// service, or by the etags that were kept here.
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from '../../../core/json.ts'
import { bytesOfPart } from '../../../core/storage/parts.ts'
import { readJsonFile, writeJsonFile } from '../../json-file.ts'
import { ApiRefusal, takeField, type Api } from './api.ts'
import type { UploadObject } from './plan.ts'
import { UploadProblem } from '../problem.ts'
import { putFile } from './put.ts'
import { withRetry } from './retry.ts'
import { counted, inParallel, retryTerms, type TransferTerms } from './transfer-terms.ts'

/** What is larger goes in parts: more than a request may bring through the Worker. */
export const PARTED_FROM_BYTES = 100_000_000

const PARALLEL = 4
/** Signed when their turn comes: at a slow line few parts go in the two hours of a URL. */
const URLS_A_CALL = 20

interface OpenUpload {
  readonly upload_id: string
  readonly key: string
  readonly part_size: number
  readonly part_count: number
  readonly file_size: number
}

interface Kept {
  readonly upload: OpenUpload
  /** Part number → the etag of its PUT. */
  readonly etags: Readonly<Record<string, string>>
}

export async function sendParted(object: UploadObject, folder: string, terms: TransferTerms): Promise<void> {
  const { api } = terms
  const record = join(folder, `parts-${createHash('sha256').update(`${api.origin} ${object.key}`).digest('hex')}.json`)
  const kept = (await resume(api, object, await readKept(record))) ?? { upload: await begin(api, object), etags: {} }
  const { upload } = kept
  const etags = new Map(Object.entries(kept.etags).map(([number, etag]) => [Number(number), etag]))
  const plan = { partBytes: upload.part_size, partCount: upload.part_count }
  const sizeOf = (number: number): number => bytesOfPart(plan, upload.file_size, number)
  for (const number of etags.keys()) terms.onBytes(sizeOf(number))

  const keep = createKeeper(record, () => ({ upload, etags: Object.fromEntries(etags) }))
  await keep()
  const missing = Array.from({ length: upload.part_count }, (_, index) => index + 1).filter((n) => !etags.has(n))
  const urlOf = createSigner(api, upload, missing)
  let next = 0
  await inParallel(PARALLEL, terms.signal, async (signal) => {
    while (next < missing.length) {
      const index = next++
      const number = missing[index] ?? 0
      const slice = { ...object, sizeBytes: sizeOf(number), firstByte: (number - 1) * upload.part_size }
      const once = (count: number): Promise<string> =>
        counted(terms, async (onBytes) => await putFile(await urlOf(index, count > 0), slice, onBytes, signal))
      etags.set(number, await withRetry(once, retryTerms({ ...terms, signal })))
      await keep()
    }
  })
  await complete(api, object, upload, etags, record)
}

async function begin(api: Api, { key, contentType, sizeBytes }: UploadObject): Promise<OpenUpload> {
  const body = { key, content_type: contentType, file_size: sizeBytes }
  return await api.ask((client) => client.createMultipartUpload(body))
}

/** Undefined when there is nothing to go on with: the upload has ended, or is of another file. */
async function resume(api: Api, object: UploadObject, kept: Kept | undefined): Promise<Kept | undefined> {
  if (kept === undefined || kept.upload.file_size !== object.sizeBytes) return undefined
  const { key, upload_id: id } = kept.upload
  try {
    const answer = await api.ask((client) => client.getMultipartUploads({ key, upload_id: id }))
    const parts = 'parts' in answer ? answer.parts : null
    // Where the service can tell, what it has is what counts.
    const told = parts && Object.fromEntries(parts.map((part) => [part.part_number, part.etag]))
    return { upload: kept.upload, etags: told ?? kept.etags }
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return undefined
    throw error
  }
}

async function complete(
  api: Api,
  object: UploadObject,
  { key, upload_id, part_count }: OpenUpload,
  etags: ReadonlyMap<number, string>,
  record: string,
): Promise<void> {
  const parts = Array.from({ length: part_count }, (_, index) => ({
    part_number: index + 1,
    etag: etags.get(index + 1) ?? '',
  }))
  try {
    await api.ask((client) => client.completeMultipartUpload({ key, upload_id, parts }))
  } catch (error) {
    if (!(error instanceof ApiRefusal) || (error.status !== 404 && error.status !== 409)) throw error
    // What is kept here is of no use any more, unless only the answer was lost.
    await rm(record, { force: true })
    if (error.status === 404 && (await isStored(api, object))) return
    throw new UploadProblem(`${error.message}. The same command sends this file again.`)
  }
  await rm(record, { force: true })
}

async function isStored(api: Api, { key, sizeBytes }: UploadObject): Promise<boolean> {
  // Relative to the user's own folder, `users/<user_id>/`.
  const prefix = key.split('/').slice(2).join('/')
  const { files } = await api.ask((client) => client.listFiles({ prefix, limit: 1 }))
  return files.some((file) => file.key === key && file.size === sizeBytes)
}

/** Signs some parts a call; one that failed gets an address of its own. */
function createSigner(
  api: Api,
  { key, upload_id }: OpenUpload,
  numbers: readonly number[],
): (index: number, isRetry: boolean) => Promise<string> {
  const batches = new Map<number, Promise<readonly string[]>>()
  const sign = async (part_numbers: readonly number[]): Promise<readonly string[]> => {
    const terms = { key, upload_id, part_numbers: [...part_numbers] }
    const { urls } = await api.ask((client) => client.createPartUrls(terms))
    return urls.map((entry) => takeField(entry, 'upload_url'))
  }
  return async (index, isRetry) => {
    if (isRetry) return (await sign(numbers.slice(index, index + 1)))[0] ?? ''
    const start = index - (index % URLS_A_CALL)
    const batch = batches.get(start) ?? sign(numbers.slice(start, start + URLS_A_CALL))
    batches.set(start, batch)
    return (await batch)[index - start] ?? ''
  }
}

/** Writes the newest state, one write after the other, each whole or not at all. */
function createKeeper(record: string, state: () => Kept): () => Promise<void> {
  let last = Promise.resolve()
  return async () => {
    last = last.then(async () => {
      await writeJsonFile(record, state())
    })
    await last
  }
}

async function readKept(record: string): Promise<Kept | undefined> {
  const { upload, etags } = (await readJsonFile(record)) ?? {}
  if (!isRecord(upload) || !isRecord(etags)) return undefined
  const { upload_id, key, part_size, part_count, file_size } = upload
  const isWhole =
    typeof upload_id === 'string' &&
    typeof key === 'string' &&
    typeof part_size === 'number' &&
    typeof part_count === 'number' &&
    typeof file_size === 'number'
  if (!isWhole) return undefined
  const texts = Object.entries(etags).flatMap(([number, etag]) => (typeof etag === 'string' ? [[number, etag]] : []))
  return { upload: { upload_id, key, part_size, part_count, file_size }, etags: Object.fromEntries(texts) }
}
