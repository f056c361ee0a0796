// Sends one object to its presigned URL. In a browser by XMLHttpRequest, the only thing there that tells how far it is.
import { codeOf, errorOf, LynxgateError, networkError } from './error.ts'
import { parseJson } from './json.ts'

export type ObjectBody = Blob | Uint8Array<ArrayBuffer>

export interface Put {
  readonly url: string
  readonly body: ObjectBody
  readonly contentType: string
  readonly onProgress: ((sentBytes: number, totalBytes: number) => void) | undefined
  readonly signal: AbortSignal | undefined
  readonly fetch: typeof fetch
}

/** Gives the ETag; rejects with a `LynxgateError`, or with the signal's reason. */
export async function putObject(put: Put): Promise<string> {
  if (typeof XMLHttpRequest === 'function') return await putByXhr(put)
  const { url, body, contentType, onProgress, signal } = put
  const total = body instanceof Blob ? body.size : body.byteLength
  const response = await put
    .fetch(url, { method: 'PUT', body, headers: { 'Content-Type': contentType }, ...(signal && { signal }) })
    .catch((cause: unknown) => {
      if (signal?.aborted === true) throw cause
      throw broken(url, cause)
    })
  if (!response.ok) throw refusalOf(response, await response.json().catch(() => undefined))
  await response.body?.cancel()
  onProgress?.(total, total)
  return response.headers.get('ETag') ?? ''
}

async function putByXhr({ url, body, contentType, onProgress, signal }: Put): Promise<string> {
  const request = new XMLHttpRequest()
  // A signal may outlive thousands of uploads, and what listens to it would keep their bodies.
  const done = new AbortController()
  await new Promise<void>((resolve, reject) => {
    request.open('PUT', url)
    request.setRequestHeader('Content-Type', contentType)
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(loaded, total))
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve()
      else reject(refusalOf(new Response(null, { status: request.status }), parseJson(request.responseText)))
    })
    request.addEventListener('error', () => reject(broken(url, undefined)))
    request.addEventListener('abort', () => reject(signal?.reason))
    signal?.addEventListener('abort', () => request.abort(), { once: true, signal: done.signal })
    request.send(body)
  }).finally(() => done.abort())
  return request.getResponseHeader('ETag') ?? ''
}

/** An S3 endpoint answers in XML, which may quote the URL: only its status is told. */
function refusalOf(response: Response, body: unknown): LynxgateError {
  const { status } = response
  const detail = 'The bucket refuses the upload'
  const details = { status, code: codeOf(status), detail, requestId: undefined, retryAfterSeconds: undefined }
  return errorOf(response, body) ?? new LynxgateError(details)
}

/** Without the URL, which lets write. */
function broken(url: string, cause: unknown): LynxgateError {
  return networkError(`The upload to ${new URL(url).origin} broke off`, cause)
}
