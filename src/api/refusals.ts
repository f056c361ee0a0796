// Which errors an operation can answer, with the texts it really answers them in. Pure.
import { FAULTS } from '../core/fault.ts'
import { splitRoute, type Operation } from './operation.ts'

const UNAUTHORIZED = [
  'Missing Authorization header',
  'Invalid Authorization header',
  'Invalid or inactive API key',
  'Invalid token',
  'Token expired',
]
const CLIPZY_UNAUTHORIZED = 'Missing or invalid authentication credentials.'

/** Of keys with limits. */
export const NO_LIMITS = [
  'Limits of API keys need the binding LIMITS',
  'Limits of API keys are temporarily unavailable',
] as const

/** The two products' errors: one string, or an envelope. */
export type ErrorFormat = 'lynxvizion' | 'clipzy'

/** The format of a path's errors. */
export function errorFormatOf(path: string): ErrorFormat {
  return path === '/api/v1' || path.startsWith('/api/v1/') ? 'clipzy' : 'lynxvizion'
}

/** Status → texts: the operation's own, and those that its access, query and body bring along. */
export function refusalsOf(operation: Operation): ReadonlyMap<number, readonly string[]> {
  const texts = new Map<number, string[]>()
  const add = (status: number, ...details: readonly string[]): void => {
    texts.set(status, [...(texts.get(status) ?? []), ...details])
  }
  for (const [status, details] of Object.entries(operation.refusals)) add(Number(status), ...details)
  if (operation.access !== 'public') {
    if (errorFormatOf(splitRoute(operation.route).path) === 'clipzy') add(401, CLIPZY_UNAUTHORIZED)
    else add(401, ...UNAUTHORIZED)
    add(403, 'Session is pending', 'API key is not allowed from this address')
    if (operation.access !== 'caller') {
      add(
        403,
        `API key lacks the scope ${operation.access}`,
        `Role in the workspace lacks the scope ${operation.access}`,
      )
    }
    if (operation.adminsOnly === true) add(403, 'Only an admin of the workspace may do this')
    add(429, 'Too many requests', 'API key is over its limit {name}')
    add(503, 'Authentication is temporarily unavailable', ...NO_LIMITS)
  }
  if (operation.openQuery === undefined) add(422, '{parameter}: is not a known parameter')
  if (Object.keys(operation.query.entries).length > 0) add(422, '{parameter}: {what is wrong}')
  if (operation.body.kind === 'json') {
    add(400, 'Invalid JSON body')
    add(413, 'Request body is too large')
    add(415, 'Content-Type must be application/json')
    add(422, '{field}: {what is wrong}')
  }
  add(500, 'Internal Server Error')
  add(503, 'Database is temporarily unavailable', 'Storage is temporarily unavailable')
  return new Map([...texts].sort(([a], [b]) => a - b))
}

/** An error's body in a format, as an example. */
export function exampleOf(format: ErrorFormat, status: number, detail: string): object {
  if (format === 'lynxvizion') return { detail }
  const known = Object.values(FAULTS).find((fault) => fault.status === status) ?? FAULTS.internal_error
  const { title, name } = detail === FAULTS.job_not_found.detail ? FAULTS.job_not_found : known
  return { success: false, message: title, error: { detail, code: name } }
}
