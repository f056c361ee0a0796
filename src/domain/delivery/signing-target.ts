// Where presigned URLs point and who signs them: an S3 endpoint, or this Worker's own /media. The rest of the
// house asks for links and cannot tell which.
import { EDGE_REGION, edgeCredentials } from '../../core/sigv4/edge-credentials.ts'
import { createPresigner, type KeyDerivation, type Presigner } from '../../core/sigv4/presigner.ts'
import { MAX_EDGE_PART_BYTES } from '../../core/storage/parts.ts'

export interface S3Endpoint {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface EdgeEndpoint {
  /** `https://host[:port]`; undefined: the origin that a request came to. */
  readonly origin: string | undefined
  readonly secret: string
}

export interface SigningTarget {
  readonly presigner: Presigner
  /** What stands before an object's key in the path, from the first slash to the last. */
  readonly prefix: string
  /** Undefined: wherever the request was sent. */
  readonly origin: string | undefined
  /** Changes with the signer. */
  readonly keyId: string
  /** Whether a URL that is signed for GET answers HEAD too. */
  readonly answersHeadOnGet: boolean
  /** The most one upload may bring there; undefined: more than any URL is signed for. */
  readonly maxUploadBytes: number | undefined
  /** Of an upload in parts, the most one part may have there. */
  readonly maxPartBytes: number
}

/** What fits through a Worker on Cloudflare's Free and Pro plans: their limit of a request's body. */
export const MAX_UPLOAD_BYTES = 100_000_000

/** S3's and R2's: 5 GiB. */
const MAX_S3_PART_BYTES = 5 * 1024 ** 3

/** Where this Worker serves objects, with both slashes. */
export const MEDIA_PREFIX = '/media/'

/** Path style: `<endpoint>/<bucket>/<key>`. An endpoint that starts with `/` lies on the request's own origin. */
export function s3Target(s3: S3Endpoint, deriveKey?: KeyDerivation): SigningTarget {
  const { origin, path } = splitEndpoint(s3.endpoint)
  return {
    presigner: createPresigner(s3, deriveKey),
    prefix: `${path}/${s3.bucket}/`,
    origin,
    keyId: s3.accessKeyId,
    answersHeadOnGet: false,
    maxUploadBytes: undefined,
    maxPartBytes: MAX_S3_PART_BYTES,
  }
}

/** `<origin>/media/<key>`, verified by this Worker itself. */
export function edgeTarget(edge: EdgeEndpoint, deriveKey?: KeyDerivation): SigningTarget {
  const credentials = edgeCredentials(edge.secret)
  return {
    presigner: createPresigner({ ...credentials, region: EDGE_REGION }, deriveKey),
    prefix: MEDIA_PREFIX,
    origin: edge.origin,
    keyId: credentials.accessKeyId,
    answersHeadOnGet: true,
    maxUploadBytes: MAX_UPLOAD_BYTES,
    maxPartBytes: MAX_EDGE_PART_BYTES,
  }
}

function splitEndpoint(endpoint: string): { origin: string | undefined; path: string } {
  if (endpoint.startsWith('/')) return { origin: undefined, path: endpoint }
  const slash = endpoint.indexOf('/', endpoint.indexOf('://') + 3)
  return slash === -1
    ? { origin: endpoint, path: '' }
    : { origin: endpoint.slice(0, slash), path: endpoint.slice(slash) }
}
