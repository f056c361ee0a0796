// Ids that the engine gave its videos and jobs: which texts may be one, and when two spellings are the same. Pure.

/** Safe in a path as it is: nothing in it needs, or survives, decoding. */
export type EngineId = string & { readonly brand: 'EngineId' }

// The unreserved characters of RFC 3986 §2.3; a dot segment would be folded away by the next URL parser.
const ENGINE_ID = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/

const UUID_DIGITS = /^[0-9a-f]{32}$/

/** The id; undefined for another type, an empty or long text, or any character that a path would have to encode. */
export function parseEngineId(value: unknown): EngineId | undefined {
  return typeof value === 'string' && ENGINE_ID.test(value) ? (value as EngineId) : undefined
}

/**
 * What ownership is looked up by. An engine that parses UUIDs takes one in upper case or without hyphens for the
 * same video, so those spellings must not be a way around the owner; every other id is its own key.
 */
export function ownershipKey(id: EngineId): string {
  const digits = id.replaceAll('-', '').toLowerCase()
  return UUID_DIGITS.test(digits) ? digits : id
}
