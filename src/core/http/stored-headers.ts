// The HTTP headers stored with an object, as far as they may be sent on. Pure. Their author is the uploader of the
// object: they may tell how to read it and ask for less caching, never for more than its URL allows.

/** As they were uploaded; not to be trusted. */
export interface StoredHeaders {
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly contentLanguage: string | undefined
  readonly cacheControl: string | undefined
  /** Of `Expires`, epoch seconds. */
  readonly expiresSeconds: number | undefined
}

/** Longer values are dropped: no client needs one. */
const MAX_CHARS = 256

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
// BCP 47, as far as its grammar goes.
const LANGUAGES = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*(?:[ \t]*,[ \t]*[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)*$/

/** What some uploaders write and what is no coding of the stored bytes: `aws-chunked` is how they were sent. */
const NO_CODINGS: ReadonlySet<string> = new Set(['', 'identity', 'aws-chunked'])

/** The content codings in the order they were applied (RFC 9110 §8.4), lower case; none when the value is malformed. */
export function contentCodings(stored: string | undefined): readonly string[] {
  if (stored === undefined || stored.length > MAX_CHARS) return []
  const codings = stored
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => !NO_CODINGS.has(coding))
  return codings.every((coding) => TOKEN.test(coding))
    ? codings.map((coding) => (coding === 'x-gzip' ? 'gzip' : coding))
    : []
}

/** Undefined when the value names no languages. */
export function contentLanguage(stored: string | undefined): string | undefined {
  return stored !== undefined && stored.length <= MAX_CHARS && LANGUAGES.test(stored) ? stored : undefined
}

/**
 * For the caller's own cache, for `maxAgeSeconds` at most, whatever was stored (RFC 9111 §5.2.2). Of the stored
 * directives those count that ask for less; `public`, `s-maxage` and the `stale-` ones would outlive the URL.
 */
export function cacheControl(
  stored: Pick<StoredHeaders, 'cacheControl' | 'expiresSeconds'>,
  { maxAgeSeconds, nowSeconds }: { readonly maxAgeSeconds: number; readonly nowSeconds: number },
): string {
  const directives = parseDirectives(stored.cacheControl ?? '')
  if (directives.has('no-store')) return 'no-store'
  const maxAge = directives.get('max-age')
  const untilExpiry = stored.expiresSeconds === undefined ? Infinity : stored.expiresSeconds - nowSeconds
  // A max-age that cannot be read counts as over (RFC 9111 §4.2.1), and Expires only where there is none (§5.3).
  const wanted = maxAge === undefined ? untilExpiry : /^\d+$/.test(maxAge) ? Number(maxAge) : 0
  return [
    'private',
    directives.has('no-cache') ? 'no-cache' : `max-age=${Math.max(0, Math.min(wanted, maxAgeSeconds))}`,
    ...['must-revalidate', 'no-transform', 'immutable'].filter((name) => directives.has(name)),
  ].join(', ')
}

/** What of an upload's headers is worth storing: what could be sent on again. */
export function storableHeaders(headers: StoredHeaders): StoredHeaders {
  const { contentEncoding, contentLanguage: language, cacheControl: caching } = headers
  const codings = contentCodings(contentEncoding)
  return {
    ...headers,
    contentEncoding: codings.length === 0 ? undefined : codings.join(', '),
    contentLanguage: contentLanguage(language),
    cacheControl: caching !== undefined && caching.length <= MAX_CHARS ? caching : undefined,
  }
}

/** Names in lower case with their values, without quotes; of a repeated one the first. */
function parseDirectives(text: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>()
  for (const part of text.slice(0, MAX_CHARS).split(',')) {
    const equals = part.indexOf('=')
    const name = (equals === -1 ? part : part.slice(0, equals)).trim().toLowerCase()
    const value = equals === -1 ? '' : part.slice(equals + 1).trim()
    if (!directives.has(name)) directives.set(name, value.replace(/^"(.*)"$/, '$1'))
  }
  return directives
}
