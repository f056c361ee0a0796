// What the bucket holds of an upload already, by key, with sizes.
import type { Input, Result } from '../../../client/client.ts'
import { userFolder } from '../../../core/storage/media-key.ts'
import type { Api } from './api.ts'
import { pictureKey, streamKey, type Upload } from './plan.ts'

/** Everything a run of this upload may have sent, page by page; `original` is its key, if there is one. */
export async function listStored(api: Api, upload: Upload, original: string | undefined): Promise<Map<string, number>> {
  const stored = new Map<string, number>()
  const prefixes = [streamKey(upload, ''), pictureKey(upload), ...(original === undefined ? [] : [original])]
  for (const prefix of prefixes) await addPages(api, prefix.slice(userFolder(upload.userId).length), stored)
  return stored
}

async function addPages(api: Api, prefix: string, stored: Map<string, number>): Promise<void> {
  let cursor: string | null = null
  do {
    const terms: Input<'listFiles'> = { prefix, limit: 1000, ...(cursor !== null && { cursor }) }
    const page: Result<'listFiles'> = await api.ask((client) => client.listFiles(terms))
    for (const { key, size } of page.files) stored.set(key, size)
    cursor = page.cursor
  } while (cursor !== null)
}
