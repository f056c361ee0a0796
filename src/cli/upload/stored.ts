// What the bucket holds of an upload already, by key, with sizes.
import { userFolder } from '../../core/storage/media-key.ts'
import { readField, type Api } from './api.ts'
import { pictureKey, streamKey, type Upload } from './plan.ts'

/** Everything a run of this upload may have sent, page by page; `original` is its key, if there is one. */
export async function listStored(api: Api, upload: Upload, original: string | undefined): Promise<Map<string, number>> {
  const stored = new Map<string, number>()
  const prefixes = [streamKey(upload, ''), pictureKey(upload), ...(original === undefined ? [] : [original])]
  for (const prefix of prefixes) await addPages(api, prefix.slice(userFolder(upload.userId).length), stored)
  return stored
}

async function addPages(api: Api, prefix: string, stored: Map<string, number>): Promise<void> {
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ prefix, limit: '1000', ...(cursor !== undefined && { cursor }) })
    const page = await api.call('GET', `/api/storage/files?${query.toString()}`)
    const { files = [] } = page as { files?: readonly { key: string; size: number }[] }
    for (const { key, size } of files) stored.set(key, size)
    cursor = readField(page, 'cursor')
  } while (cursor !== undefined)
}
