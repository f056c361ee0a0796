// POST /api/leaked-keys: keys that a scanner found in public.
import * as v from 'valibot'
import { json, noQuery, operation, rawBody } from './operation.ts'

/** GitHub sends `source` beside them, and may add more. */
export const findingsSchema = v.pipe(
  v.array(v.looseObject({ token: v.string(), type: v.string(), url: v.optional(v.nullable(v.string())) })),
  v.maxLength(100),
)

export const leakedKeysApi = {
  receiveLeakedKeys: operation({
    route: 'POST /api/leaked-keys',
    tag: 'API keys',
    summary: 'Receives keys that a scanner found in public, and switches them off',
    description:
      'In the format of GitHub’s secret scanning partner program, signed by the keys at `LEAKED_KEYS_URL`' +
      ' (`Github-Public-Key-Identifier`, `Github-Public-Key-Signature`).',
    access: 'public',
    query: noQuery,
    body: rawBody('application/json', findingsSchema),
    answers: {
      200: json(
        'What each one is; a key that is ours was switched off',
        v.array(
          v.object({
            token_hash: v.pipe(v.string(), v.description('SHA-256 in hex')),
            token_type: v.string(),
            label: v.picklist(['true_positive', 'false_positive']),
          }),
        ),
      ),
    },
    refusals: {
      400: ['Invalid signature', 'Invalid JSON body'],
      413: ['Request body is too large'],
      422: ['body: is not a list of findings'],
      503: ['Keys of the scanner are temporarily unavailable'],
    },
  }),
}
