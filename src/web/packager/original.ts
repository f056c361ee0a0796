// Sends the film's own file in parts, beside its stream. The parts that have arrived are in the journal: another page
// goes on with those that are missing.
import { sendParts, type PartsState } from '../../client/parts.ts'
import { putObject } from '../../client/upload.ts'
import type { Client } from '../../client/client.ts'
import { mediaType } from '../../core/storage/media-type.ts'

export interface OriginalTerms {
  readonly client: Client
  readonly file: File
  readonly key: string
  readonly resume: PartsState | undefined
  /** Told once it is begun, and whenever a part has arrived. */
  readonly onState: (state: PartsState) => void
  readonly onProgress: (sentBytes: number) => void
  readonly signal: AbortSignal
}

export async function sendOriginal(terms: OriginalTerms): Promise<void> {
  const { client, file, key, signal } = terms
  const contentType = mediaType(key, undefined)
  const callOptions = { signal }
  await sendParts({
    begin: () => client.createMultipartUpload({ key, content_type: contentType, file_size: file.size }, callOptions),
    sign: (input) => client.createPartUrls(input, callOptions),
    complete: (input) => client.completeMultipartUpload(input, callOptions),
    list: (input) => client.listFiles(input, callOptions),
    put: (put) => putObject({ ...put, fetch: (...args) => fetch(...args) }),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    body: file,
    contentType,
    resume: terms.resume,
    onState: terms.onState,
    onProgress: terms.onProgress,
    signal,
  })
}
