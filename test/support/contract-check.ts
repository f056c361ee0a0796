// Holds each answer of the service under test against the operation it belongs to: its status is declared, its body is
// of the declared schema, and an error says one of the declared texts. So every test of a route tests the contract too.
import * as v from 'valibot'
import { contract, type OperationId } from '../../src/api/contract.ts'
import { splitRoute, type Answer, type Operation } from '../../src/api/operation.ts'
import { errorFormatOf, refusalsOf } from '../../src/api/refusals.ts'

const errorSchema = v.strictObject({ detail: v.string() })
const engineErrorSchema = v.strictObject({
  success: v.literal(false),
  message: v.string(),
  error: v.looseObject({ detail: v.string(), code: v.string() }),
})

/** Answered by the frame and the router, whatever the operation. */
const OF_EVERY_PATH: ReadonlySet<number> = new Set([400, 405, 500])

interface Known {
  readonly id: OperationId
  readonly operation: Operation
  readonly method: string
  readonly pattern: RegExp
}

const known: readonly Known[] = Object.entries<Operation>(contract).map(([id, operation]) => {
  const { method, path } = splitRoute(operation.route)
  const segments = path.split(/\{\w+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const last = segments.pop() ?? ''
  const wild = operation.isDeep === undefined ? '[^/]+' : operation.isDeep === true ? '.+' : '.*'
  const pattern = segments.length === 0 ? last : `${segments.join('[^/]+')}${wild}${last}`
  return { id: id as OperationId, operation, method, pattern: new RegExp(`^${pattern}$`) }
})

/** Operation and status of each answer that was checked, such as `getVideo 404`. */
export const answered = new Set<string>()

/** Throws when an answer is not as its operation says. Reads a copy of the body. */
export async function checkAnswer(request: Request, response: Response): Promise<void> {
  const { pathname } = new URL(request.url)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const found = known.find((entry) => entry.method === method && entry.pattern.test(pathname))
  if (found === undefined || method === 'OPTIONS') return
  const { id, operation } = found
  answered.add(`${id} ${response.status}`)
  const answers: Readonly<Record<number, Answer | undefined>> = operation.answers
  const answer = answers[response.status]
  const isEmpty = request.method === 'HEAD' || response.body === null
  if (answer !== undefined) {
    const isOther = answer.kind === 'json' && response.headers.get('Content-Type') === answer.alsoAs
    if (answer.schema !== undefined && !isEmpty && !isOther) {
      const result = v.safeParse(answer.schema, await response.clone().json())
      if (!result.success) throw new Error(`${id} ${response.status}: ${JSON.stringify(v.flatten(result.issues))}`)
    }
    return
  }
  if (operation.passesOn !== undefined) return
  const texts = refusalsOf(operation).get(response.status)
  if (texts === undefined && !OF_EVERY_PATH.has(response.status)) {
    throw new Error(`${id} answered ${response.status}, which it does not declare`)
  }
  if (isEmpty || !(response.headers.get('Content-Type') ?? '').includes('application/json')) return
  const detail = detailOf(pathname, await response.clone().json())
  // The texts of 422 name the caller's own field; 400 and 500 are the frame's too.
  if (texts === undefined || response.status === 422) return
  if (!texts.some((text) => matches(text, detail)))
    throw new Error(`${id} ${response.status} says an undeclared text: ${detail}`)
}

function matches(text: string, detail: string): boolean {
  const literals = text.split(/\{[^}]*\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literals.join('.+')}$`).test(detail)
}

function detailOf(path: string, body: unknown): string {
  if (errorFormatOf(path) === 'lynxvizion') return v.parse(errorSchema, body).detail
  return v.parse(engineErrorSchema, body).error.detail
}
