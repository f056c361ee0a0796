// Films on their way to the engine, and its reports, in the bucket.
import { utf8 } from '../../core/bytes.ts'
import type { RunFiles } from '../../domain/processing/store.ts'
import { storage } from './r2-reader.ts'

export function r2RunFiles(bucket: R2Bucket): RunFiles {
  return {
    async version(key) {
      return (await storage(() => bucket.head(key)))?.etag
    },
    async openForm(key, { boundary, fileName }) {
      const object = await storage(() => bucket.get(key))
      if (object === null) return undefined
      const before = utf8(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n` +
          'Content-Type: application/octet-stream\r\n\r\n',
      )
      const after = utf8(`\r\n--${boundary}--\r\n`)
      const lengthBytes = before.byteLength + object.size + after.byteLength
      const pipe = new FixedLengthStream(lengthBytes)
      // Its failure is the failure of what reads the other end.
      void fill(pipe.writable, before, object.body, after).catch(() => undefined)
      return { version: object.etag, body: { stream: pipe.readable, lengthBytes } }
    },
    async putReport(key, text) {
      await storage(() => bucket.put(key, text, { httpMetadata: { contentType: 'application/json' } }))
    },
  }
}

async function fill(
  sink: WritableStream<Uint8Array>,
  before: Uint8Array,
  film: ReadableStream,
  after: Uint8Array,
): Promise<void> {
  const head = sink.getWriter()
  await head.write(before)
  head.releaseLock()
  await film.pipeTo(sink, { preventClose: true })
  const tail = sink.getWriter()
  await tail.write(after)
  await tail.close()
}
