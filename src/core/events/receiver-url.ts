// Where events may be sent: over TLS, to a machine of the public internet, never to a private network, a cloud's
// metadata or this service itself. Pure: a name is judged by what it says, and Cloudflare's network, from where requests
// are sent, reaches no private one.
import { isPublicAddress } from '../http/public-address.ts'

/** What the URL Standard (https://url.spec.whatwg.org/) makes of a text, as far as it is looked at here. */
export interface ParsedUrl {
  readonly href: string
  readonly protocol: string
  readonly username: string
  readonly password: string
  readonly host: string
  readonly hostname: string
  readonly hash: string
}

export interface ReceiverRules {
  /** The parser that the request will be made with: `URL.parse`. */
  readonly parseUrl: (text: string) => ParsedUrl | null
  /** `http` to this machine is fine: the service runs on it. */
  readonly allowsLoopback: boolean
  /** Host names, with their ports if they have one, that this service answers at. */
  readonly ownHosts: ReadonlySet<string>
}

export type ReceiverUrl = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly reason: string }

const MAX_URL_LENGTH = 2048

/** Last labels that no public registry gives out (RFC 6761, RFC 8375, RFC 9476), and names of clouds' metadata. */
const PRIVATE_SUFFIXES = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'in-addr.arpa',
  'ip6.arpa',
  'onion',
  'alt',
  'test',
  'example',
  'invalid',
]

/** Public names that exist to point at private addresses: as a whole, or at the address in front of them. */
const POINTERS_TO_PRIVATE = ['localtest.me', 'lvh.me', 'vcap.me', 'lacolhost.com']
const POINTERS_BY_NAME = ['nip.io', 'sslip.io', 'xip.io', 'traefik.me', 'local-ip.sh']

/** The URL in one spelling, or what is wrong with it in words for its author. */
export function readReceiverUrl(text: string, rules: ReceiverRules): ReceiverUrl {
  // What is left out or read as a slash by one parser need not be by the next.
  const isPlain = text.length <= MAX_URL_LENGTH && /^[^\s\\\p{Cc}]*$/u.test(text)
  const url = isPlain ? rules.parseUrl(text) : null
  if (url === null) return refused('must be a URL of at most 2048 characters')
  if (url.username !== '' || url.password !== '') return refused('must not hold a user name or password')
  if (url.hash !== '') return refused('must not hold a fragment')
  const host = url.hostname.replace(/\.$/, '')
  const isLoopback = rules.allowsLoopback && ['localhost', '127.0.0.1', '[::1]'].includes(host)
  if (url.protocol !== 'https:' && !(isLoopback && url.protocol === 'http:')) return refused('must be an https URL')
  if (rules.ownHosts.has(url.host)) return refused('must not be this service itself')
  if (!isLoopback && !isPublicHost(host)) return refused('must be a public host')
  return { ok: true, url: url.href }
}

/** `hostname` as a URL has it: lower-case, numbers of any form written as an address. */
function isPublicHost(host: string): boolean {
  if (host.startsWith('[')) return isPublicAddress(host.slice(1, -1))
  if (/^\d+(?:\.\d+){3}$/.test(host)) return isPublicAddress(host)
  if (!host.includes('.')) return false
  const isBelow = (suffix: string): boolean => host === suffix || host.endsWith(`.${suffix}`)
  return ![...PRIVATE_SUFFIXES, ...POINTERS_TO_PRIVATE, ...POINTERS_BY_NAME].some(isBelow)
}

function refused(reason: string): ReceiverUrl {
  return { ok: false, reason }
}
