// Composition of delivery: presigned URLs of an S3 endpoint, or of this Worker and its /media.
import type { Config } from '../config/config.ts'
import { EDGE_REGION, edgeCredentials } from '../core/sigv4/edge-credentials.ts'
import { createPresignedVerifier } from '../core/sigv4/presigned-request.ts'
import { edgeDelivery, s3Delivery, type Delivery } from '../domain/delivery/delivery.ts'
import type { MediaDeps } from '../domain/delivery/media.ts'
import { partUrls, type PartUrls } from '../domain/delivery/part-urls.ts'
import { edgeTarget, s3Target, type SigningTarget } from '../domain/delivery/signing-target.ts'
import type { MultipartBucket, PartLists, PartRecords } from '../domain/storage/multipart-store.ts'
import type { Bindings } from '../platform/bindings.ts'
import { edgeCache } from '../platform/media/edge-cache.ts'
import { r2Objects, type ByteStream } from '../platform/media/r2-objects.ts'
import { r2Multipart, r2Parts } from '../platform/media/r2-multipart.ts'
import { s3PartLists } from '../platform/media/s3-parts.ts'
import { signText } from '../platform/wasm/signer.ts'
import { deriveKey } from '../platform/wasm/sha256.ts'
import type { World } from './world.ts'

/** Everything about who serves the bytes. */
export interface Serving extends MediaDeps<ByteStream> {
  readonly delivery: Delivery
  readonly partUrls: PartUrls
  readonly partLists: PartLists
  readonly multipartBucket: MultipartBucket
}

export function makeServing(config: Config, bindings: Bindings, world: World, records: PartRecords): Serving {
  const { delivery, s3, edge, signing } = config
  const { nowMs } = world
  const signer = { signText, deriveKey }
  const parts = r2Parts(bindings.MEDIA, records)
  const uploads = uploadTarget(config)
  const secrets = [edge?.secret, edge?.previousSecret].filter((secret) => secret !== undefined)
  return {
    nowMs,
    mediaParts: parts,
    partUrls: partUrls(uploads, nowMs),
    partLists: s3 === undefined ? parts : s3PartLists(uploads, world.fetchUrl, nowMs),
    multipartBucket: r2Multipart(bindings.MEDIA),
    mediaObjects: edgeCache(r2Objects(bindings.MEDIA), nowMs),
    mediaVerifier: edge && createPresignedVerifier(secrets.map(edgeCredentials), EDGE_REGION),
    delivery:
      delivery.kind === 's3'
        ? s3Delivery(delivery.s3, signing, nowMs, signer)
        : edgeDelivery(delivery.edge, s3, signing, nowMs, signer),
  }
}

/** Where the bytes of uploads go, in either delivery. */
function uploadTarget({ delivery, s3 }: Config): SigningTarget {
  if (s3 !== undefined) return s3Target(s3, deriveKey)
  return delivery.kind === 's3' ? s3Target(delivery.s3, deriveKey) : edgeTarget(delivery.edge, deriveKey)
}
