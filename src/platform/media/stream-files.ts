// Small texts of a stream, written whole into the bucket.
import type { StreamFiles } from '../../domain/videos/subtitles.ts'
import { storage } from './r2-reader.ts'

export function r2StreamFiles(bucket: R2Bucket): StreamFiles {
  return {
    async write(key, text, contentType, version) {
      const options = { httpMetadata: { contentType } }
      const stored = await storage(() =>
        version === undefined
          ? bucket.put(key, text, options)
          : bucket.put(key, text, { ...options, onlyIf: { etagMatches: version } }),
      )
      // R2 writes nothing, and says null, when the condition does not hold.
      return stored !== null
    },
  }
}
