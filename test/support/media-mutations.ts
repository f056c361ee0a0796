// Presigned URLs bent at random, from a seed: cut, forged, re-dated, re-keyed, re-hosted, crossed with others.

export interface Mutation {
  readonly kind: string
  readonly href: string
  readonly method: 'GET' | 'HEAD' | 'PUT'
}

/** The same numbers for the same seed, from 0 up to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%/&=+;:@!$\'()*, "<>\\^`{|}ä漢'
const NAMES = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
]

/**
 * Mutations of `urls`, which are validly signed for different objects and times; `key` is an object that
 * exists and none of them was signed for. What means the same as one of them is left out.
 */
export function* mutations(urls: readonly string[], key: string, count: number, seed: number): Generator<Mutation> {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const letter = (): string => pick(Array.from(LETTERS))

  const kinds: Readonly<Record<string, (url: URL, other: URL) => string>> = {
    'a letter changed': ({ href }) => splice(href, below(href.length), 1, letter()),
    'a letter gone': ({ href }) => splice(href, below(href.length), 1, ''),
    'a letter more': ({ href }) => splice(href, below(href.length), 0, letter()),
    'two letters swapped': ({ href }) => {
      const at = below(href.length - 1)
      return splice(href, at, 2, `${href[at + 1]}${href[at]}`)
    },
    truncated: ({ href }) => href.slice(0, below(href.length)),
    'another path': (url, other) => url.origin + other.pathname + url.search,
    'a path of its own': (url) =>
      `${url.origin}/media/${pick([key, encodeURIComponent(key), `/${key}`, `./${key}`])}${url.search}`,
    'a path that climbs': (url) => {
      const up = pick(['/../', '/%2e%2e/', '/..%2f', '/.%2e/', '/..%5c', '/..;/', '/%252e%252e/', '//']).repeat(
        1 + below(4),
      )
      return `${url.origin}${url.pathname}${up}${key}${url.search}`
    },
    'a value of another URL': (url, other) => withValue(url, pick(NAMES), (name) => other.searchParams.get(name) ?? ''),
    'another date': (url) => {
      const date = new Date(Date.UTC(2020 + below(12), below(12), 1 + below(28), below(24), below(60), below(60)))
      const text = `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
      const dated = new URL(withValue(url, 'X-Amz-Date', () => text))
      return withValue(dated, 'X-Amz-Credential', (name) =>
        (url.searchParams.get(name) ?? '').replace(/\/\d{8}\//, `/${text.slice(0, 8)}/`),
      )
    },
    'another life': (url) =>
      withValue(url, 'X-Amz-Expires', () => String(pick([0, -1, 1, 60, 604_800, 604_801, 1e9, below(1e6)]))),
    'another key id': (url) =>
      withValue(url, 'X-Amz-Credential', (name) => {
        const [, ...scope] = (url.searchParams.get(name) ?? '').split('/')
        const id = pick(['', 'lynxgate-local', `edge-${hexDigits(random, 16)}`, 'edge-', 'constructor'])
        return [id, ...scope].join('/')
      }),
    'another scope': (url) =>
      withValue(url, 'X-Amz-Credential', (name) =>
        (url.searchParams.get(name) ?? '').replace(/auto|s3|aws4_request/, () =>
          pick(['us-east-1', 'ec2', '', 'AUTO']),
        ),
      ),
    'another signature': (url) => withValue(url, 'X-Amz-Signature', () => hexDigits(random, pick([0, 1, 63, 64, 65]))),
    'other signed headers': (url) =>
      withValue(url, 'X-Amz-SignedHeaders', () =>
        pick(['', 'Host', 'host;range', 'accept', 'content-type;host', 'host;host']),
      ),
    'a parameter gone': (url) => {
      const changed = new URL(url)
      changed.searchParams.delete(pick(NAMES))
      return changed.href
    },
    'a parameter twice': (url, other) => {
      const name = pick(NAMES)
      return `${url.href}&${name}=${encodeURIComponent(pick([url, other]).searchParams.get(name) ?? '')}`
    },
    'a parameter more': (url) =>
      `${url.href}&${pick(['x', 'X-Amz-Security-Token', 'response-content-type', 'response-content-disposition', 'versionId'])}=${letter()}`,
    'a name in other letters': (url) => {
      const name = pick(NAMES)
      return url.href.replace(name, pick([name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_')]))
    },
    'another host': (url) =>
      url.href.replace(
        url.host,
        pick(['cdn.example.org', `${url.hostname}.example.org`, `www.${url.hostname}`, '127.0.0.2']),
      ),
  }
  const names = Object.keys(kinds)
  for (let made = 0; made < count;) {
    const url = new URL(pick(urls))
    const kind = pick(names)
    const href = kinds[kind]?.(url, new URL(pick(urls))) ?? ''
    if (!URL.canParse(href) || urls.some((original) => meansTheSame(href, original))) continue
    made += 1
    yield { kind, href, method: pick(['GET', 'GET', 'GET', 'HEAD', 'PUT']) }
  }
}

function withValue(url: URL, name: string, value: (name: string) => string): string {
  const changed = new URL(url)
  changed.searchParams.set(name, value(name))
  return changed.href
}

function splice(text: string, at: number, deleted: number, inserted: string): string {
  return text.slice(0, at) + inserted + text.slice(at + deleted)
}

function hexDigits(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
}

/** One address in two spellings: same host, path and parameters once decoded, whatever players may have added. */
function meansTheSame(a: string, b: string): boolean {
  return meaning(new URL(a)) === meaning(new URL(b))
}

function meaning({ host, pathname, search }: URL): string {
  const parts = search
    .slice(1)
    .split('&')
    .map(decode)
    .filter((part) => !/^(CMCD|CMSD|_HLS_\w+)(=|$)/.test(part))
  return JSON.stringify([host, decode(pathname), parts.sort()])
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
