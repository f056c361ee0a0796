// Environment variables in the forms configuration has. A problem names the variable; its value is in no message.
import type { OriginRule } from '../core/http/origin-rule.ts'
import { withLineFeeds } from './pem.ts'

export interface ConfigProblem {
  readonly name: string
  readonly reason: string
}

export type Variables = ReturnType<typeof openVariables>

/** Readers that never throw: they note the problem and go on with a harmless value. */
export function openVariables(env: Readonly<Record<string, unknown>>, problems: ConfigProblem[]) {
  const text = (name: string): string | undefined => {
    const value = env[name]
    if (typeof value !== 'string') return undefined
    const trimmed = value.trim()
    return trimmed === '' ? undefined : trimmed
  }
  const problem = (name: string, reason: string): void => {
    problems.push({ name, reason })
  }
  const list = (name: string): string[] =>
    (text(name) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
  return {
    text,
    list,
    problem,
    choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
      const value = text(name)
      const chosen = value === undefined ? fallback : choices.find((choice) => choice === value)
      if (chosen === undefined) problem(name, `must be ${choices.join(' or ')}`)
      return chosen ?? fallback
    },
    origin(name: string): string | undefined {
      const value = text(name)?.replace(/\/$/, '')
      if (value !== undefined && !isOrigin(value)) problem(name, 'must be an origin such as https://cdn.example.com')
      return value
    },
    /** A text of its own form; undefined when unset. */
    matching(name: string, isRight: (value: string) => boolean, reason: string): string | undefined {
      const value = text(name)
      if (value !== undefined && !isRight(value)) problem(name, reason)
      return value
    },
    /** A key in PEM, with its line feeds; undefined when unset. */
    pem(name: string, isKey: (pem: string) => boolean, reason: string): string | undefined {
      const pem = withLineFeeds(text(name) ?? '')
      if (pem !== '' && !isKey(pem)) problem(name, reason)
      return pem === '' ? undefined : pem
    },
    /** A URL that secrets or trust depend on; without a fallback it is required. */
    safeUrl(name: string, fallback: string | undefined): string {
      const value = text(name) ?? fallback
      if (value === undefined) problem(name, 'is required')
      else if (text(name) !== undefined && !isSafeUrl(value)) {
        problem(name, 'must be an https URL (http only on this machine) without a closing slash')
      }
      return value ?? ''
    },
    required(name: string): string {
      const value = text(name)
      if (value === undefined) problem(name, 'is required')
      return value ?? ''
    },
    integer(name: string, fallback: number, min: number, max: number): number {
      const value = text(name)
      if (value === undefined) return fallback
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
      if (number >= min && number <= max) return number
      problem(name, `must be a whole number from ${min} to ${max}`)
      return fallback
    },
    origins(name: string, fallback: string): OriginRule {
      if ((text(name) ?? fallback) === '*') return '*'
      const origins = list(name)
      if (origins.some((entry) => !isOrigin(entry))) {
        problem(name, 'must be * or comma-separated origins such as https://app.example.com')
      }
      return new Set(origins)
    },
    endpoint(name: string, fallback: string | undefined, hint: string): string {
      const value = text(name) ?? fallback
      if (value === undefined) {
        problem(name, `is required: ${hint}`)
        return ''
      }
      if (value.startsWith('/') && !value.startsWith('//')) return value.replace(/\/+$/, '')
      if (!isHttpUrl(value)) {
        problem(name, 'must be an http(s) URL or start with /')
        return ''
      }
      // In the spelling clients send: lower-case host, no default port.
      const { origin, pathname } = new URL(value)
      return origin + pathname.replace(/\/+$/, '')
    },
  }
}

/** A browser sends exactly this spelling; a wildcard or a list would never match and only look as if it did. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/.test(text) && URL.parse(text)?.origin === text
}

/** Without credentials, query or fragment. */
export function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  )
}

/** Over the network only with TLS; in the clear to this machine, for a local issuer. */
function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  const isLoopback = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return isHttpUrl(text) && !text.endsWith('/') && (url?.protocol === 'https:' || isLoopback)
}
