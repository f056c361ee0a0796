// What a playback token says: for which film, for how long, for whom and from where. Pure. Whether its signature is
// genuine is the verifier's part, whether the request fits it is the policy's.
import { parseUuid } from '../uuid.ts'
import { parseCountries, type CountryRule } from './country.ts'
import { parseNetwork, type Network } from '../http/network.ts'
import { MAX_LINES } from './session.ts'
import { parsePageOrigins, type PageOrigins } from './page-origin.ts'

export const AUDIENCES = ['stream', 'image', 'download'] as const
export type Audience = (typeof AUDIENCES)[number]

export interface PlaybackClaims {
  /** Undefined: every film of the key's owner (`user:*`). */
  readonly jobId: string | undefined
  readonly audiences: ReadonlySet<Audience>
  /** Whole epoch seconds. The viewing must begin before `expiresAt`. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly notBefore: number | undefined
  /** Longest viewing; undefined: the default. */
  readonly maxSeconds: number | undefined
  /** How many viewings the token begins, and the id they are counted under; undefined: any number. */
  readonly uses: { readonly jti: string; readonly count: number } | undefined
  readonly viewer: string | undefined
  /** How many viewings of the viewer may run at once. */
  readonly streams: { readonly count: number; readonly rule: 'replace' | 'refuse' } | undefined
  readonly countries: CountryRule | undefined
  readonly networks: readonly Network[] | undefined
  readonly isBoundToHome: boolean
  readonly pages: { readonly origins: PageOrigins; readonly allowsNone: boolean } | undefined
  /** Highest picture height, in lines. */
  readonly maxLines: number | undefined
}

export const MAX_LIFE_SECONDS = 30 * 86_400
export const MAX_VIEWER_CHARACTERS = 64
const MAX_LIST = 100
const MAX_JTI_CHARACTERS = 128
const ALL_FILMS = 'user:*'

/** Claims that change who may watch. One that merely begins like them is a misspelt rule, and refused. */
const POLICY = [
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'max',
  'jti',
  'uses',
  'viewer',
  'streams',
  'geo',
  'net',
  'bind',
  'origin',
  'lines',
]
const KNOWN: ReadonlySet<string> = new Set([...POLICY, 'streams_rule', 'origin_none'])

type Json = Readonly<Record<string, unknown>>

/** The claims; undefined when one of them is missing, malformed or unknown. Nothing about now is asked here. */
export function readClaims(claims: Json): PlaybackClaims | undefined {
  if (Object.keys(claims).some((name) => !KNOWN.has(name) && POLICY.some((word) => name.startsWith(word))))
    return undefined
  const film = readSubject(claims['sub'])
  const audiences = readAudiences(claims['aud'])
  const issuedAt = readSeconds(claims['iat'])
  const expiresAt = readSeconds(claims['exp'])
  if (film === undefined || audiences === undefined || issuedAt === undefined || expiresAt === undefined)
    return undefined
  if (expiresAt - issuedAt > MAX_LIFE_SECONDS || expiresAt <= issuedAt) return undefined
  const rest = readOptional(claims)
  return rest && { ...film, audiences, issuedAt, expiresAt, ...rest }
}

type Optional = Omit<PlaybackClaims, 'jobId' | 'audiences' | 'issuedAt' | 'expiresAt'>

/** Each claim that may be absent; undefined when one that is there is wrong. */
function readOptional(claims: Json): Optional | undefined {
  const wrong = Symbol('wrong')
  const optional = <T>(name: string, read: (value: unknown) => T | undefined): T | undefined | typeof wrong =>
    claims[name] === undefined ? undefined : (read(claims[name]) ?? wrong)
  const notBefore = optional('nbf', readSeconds)
  const maxSeconds = optional('max', (value) => readCount(value, 1, Number.MAX_SAFE_INTEGER))
  const count = optional('uses', (value) => readCount(value, 1, 1_000_000))
  const jti = optional('jti', (value) => readText(value, MAX_JTI_CHARACTERS))
  const viewer = optional('viewer', (value) => readText(value, MAX_VIEWER_CHARACTERS))
  const streams = optional('streams', (value) => readCount(value, 1, 1000))
  const rule = optional('streams_rule', (value) => (value === 'refuse' || value === 'replace' ? value : undefined))
  const countries = optional('geo', readCountries)
  const networks = optional('net', readNetworks)
  const bind = optional('bind', (value) => (value === 'prefix' ? value : undefined))
  const origins = optional('origin', readOrigins)
  const allowsNone = optional('origin_none', (value) => (typeof value === 'boolean' ? value : undefined))
  const maxLines = optional('lines', (value) => readCount(value, 1, MAX_LINES))
  if (notBefore === wrong || maxSeconds === wrong || count === wrong || jti === wrong || viewer === wrong)
    return undefined
  if (streams === wrong || rule === wrong || countries === wrong || networks === wrong || bind === wrong)
    return undefined
  if (origins === wrong || allowsNone === wrong || maxLines === wrong) return undefined
  // A count without a name to count under, and a rule without what it rules.
  if (count !== undefined && jti === undefined) return undefined
  if ((streams !== undefined && viewer === undefined) || (rule !== undefined && streams === undefined)) return undefined
  if (allowsNone !== undefined && origins === undefined) return undefined
  return {
    notBefore,
    maxSeconds,
    uses: count === undefined || jti === undefined ? undefined : { jti, count },
    viewer,
    streams: streams === undefined ? undefined : { count: streams, rule: rule ?? 'replace' },
    countries,
    networks,
    isBoundToHome: bind !== undefined,
    pages: origins === undefined ? undefined : { origins, allowsNone: allowsNone ?? false },
    maxLines,
  }
}

function readSubject(value: unknown): { jobId: string | undefined } | undefined {
  if (value === ALL_FILMS) return { jobId: undefined }
  const jobId = typeof value === 'string' ? parseUuid(value) : undefined
  return jobId === undefined ? undefined : { jobId }
}

/** Absent: all of them (RFC 7519 §4.1.3: one text, or a list). */
function readAudiences(value: unknown): ReadonlySet<Audience> | undefined {
  if (value === undefined) return new Set(AUDIENCES)
  const words: unknown[] = Array.isArray(value) ? value : [value]
  const known = AUDIENCES.filter((audience) => words.includes(audience))
  return words.length > 0 && words.every((word) => known.some((audience) => audience === word))
    ? new Set(known)
    : undefined
}

/** NumericDate (RFC 7519 §2), floored; a fraction is allowed there. */
function readSeconds(value: unknown): number | undefined {
  if (typeof value !== 'number' || !(value >= 0) || value > 253_402_300_799) return undefined
  return Math.floor(value)
}

function readCount(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined
}

function readText(value: unknown, maxCharacters: number): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > maxCharacters) return undefined
  return value.isWellFormed() ? value : undefined
}

function readTexts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LIST) return undefined
  const items: readonly unknown[] = value
  return items.every((item) => typeof item === 'string') ? items : undefined
}

function readCountries(value: unknown): CountryRule | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const [[kind, codes] = [], ...others] = Object.entries(value)
  if (others.length > 0 || (kind !== 'allow' && kind !== 'block')) return undefined
  const texts = readTexts(codes)
  return texts && parseCountries(kind, texts)
}

function readNetworks(value: unknown): readonly Network[] | undefined {
  const networks = readTexts(value)?.map(parseNetwork)
  return networks?.every((network) => network !== undefined) === true ? networks : undefined
}

function readOrigins(value: unknown): PageOrigins | undefined {
  const texts = readTexts(value)
  return texts && parsePageOrigins(texts)
}
