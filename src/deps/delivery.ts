// Composition of delivery: presigned URLs of an S3 endpoint, or of this Worker and its /media.
import type { Config } from '../config/config.ts'
import { EDGE_REGION, edgeCredentials } from '../core/sigv4/edge-credentials.ts'
import { createPresignedVerifier } from '../core/sigv4/presigned-request.ts'
import { edgeDelivery, s3Delivery, type Delivery } from '../domain/delivery/delivery.ts'
import type { MediaDeps } from '../domain/delivery/media.ts'
import type { Bindings } from '../platform/bindings.ts'
import { edgeCache } from '../platform/media/edge-cache.ts'
import { r2Objects, type ByteStream } from '../platform/media/r2-objects.ts'
import { signText } from '../platform/wasm/signer.ts'
import { deriveKey } from '../platform/wasm/sha256.ts'

/** Everything about who serves the bytes. */
export interface Serving extends MediaDeps<ByteStream> {
  readonly delivery: Delivery
}

export function makeServing({ delivery, s3, edge, signing }: Config, bindings: Bindings, nowMs: () => number): Serving {
  const signer = { signText, deriveKey }
  const secrets = [edge?.secret, edge?.previousSecret].filter((secret) => secret !== undefined)
  return {
    nowMs,
    mediaObjects: edgeCache(r2Objects(bindings.MEDIA), nowMs),
    mediaVerifier: edge && createPresignedVerifier(secrets.map(edgeCredentials), EDGE_REGION),
    delivery:
      delivery.kind === 's3'
        ? s3Delivery(delivery.s3, signing, nowMs, signer)
        : edgeDelivery(delivery.edge, s3, signing, nowMs, signer),
  }
}
