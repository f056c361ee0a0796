// Which program a request comes from, in a word, by its User-Agent (RFC 9110 §10.1.5). Pure. A hint for people: it decides
// nothing.
import { playerFamily } from '../playback/player-family.ts'

const PROGRAMS: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['curl', /^curl\//i],
  ['wget', /^wget\//i],
  ['python', /python|aiohttp|httpx/i],
  ['go', /^go-http-client/i],
  ['java', /^java|okhttp|apache-httpclient/i],
  ['ruby', /ruby|faraday/i],
  ['php', /guzzle|php/i],
  ['dotnet', /\.net|restsharp/i],
  ['node', /^node|undici|axios|got \(/i],
  ['postman', /postman|insomnia/i],
]

/** `other` for what is not known, and for none. */
export function agentFamily(userAgent: string | undefined): string {
  if (userAgent === undefined) return 'other'
  const start = userAgent.slice(0, 400)
  return PROGRAMS.find(([, pattern]) => pattern.test(start))?.[0] ?? playerFamily(start)
}
