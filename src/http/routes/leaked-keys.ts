// POST /api/leaked-keys
import * as v from 'valibot'
import { findingsSchema, leakedKeysApi } from '../../api/leaked-keys.ts'
import { reply } from '../../api/operation.ts'
import { hex, utf8 } from '../../core/bytes.ts'
import { Fault } from '../../core/fault.ts'
import { parseJson } from '../../core/json.ts'
import { sha256 } from '../../core/sha256.ts'
import { receiveLeaks, type Finding, type LeakedKeyDeps } from '../../domain/keys/leaked.ts'
import { readBytes } from '../body.ts'
import type { Router } from '../router.ts'

const MAX_BODY_BYTES = 256 * 1024
const MAX_HEADER_LENGTH = 256

export function leakedKeyRoutes(router: Router, deps: LeakedKeyDeps): void {
  router.public(leakedKeysApi.receiveLeakedKeys, async ({ c }) => {
    const keyId = c.req.header('Github-Public-Key-Identifier') ?? ''
    const signature = c.req.header('Github-Public-Key-Signature') ?? ''
    const isShort = keyId.length <= MAX_HEADER_LENGTH && signature.length <= MAX_HEADER_LENGTH
    if (keyId === '' || signature === '' || !isShort) throw new Fault('bad_request', 'Invalid signature')
    const body = await readBytes(c.req.raw, MAX_BODY_BYTES)
    const verdicts = await receiveLeaks(deps, { keyId, signature, body }, readFindings)
    return reply(
      200,
      verdicts.map(({ token, type, isKey }) => ({
        token_hash: hex(sha256(utf8(token))),
        token_type: type,
        label: isKey ? ('true_positive' as const) : ('false_positive' as const),
      })),
    )
  })
}

function readFindings(body: Uint8Array): readonly Finding[] {
  const json = parseJson(new TextDecoder().decode(body))
  if (json === undefined) throw new Fault('bad_request', 'Invalid JSON body')
  const findings = v.safeParse(findingsSchema, json)
  if (!findings.success) throw new Fault('validation_error', 'body: is not a list of findings')
  return findings.output.map(({ token, type, url }) => ({ token, type, url: url?.slice(0, 2048) }))
}
