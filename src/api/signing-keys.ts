// Signing keys: public keys whose playback tokens count for the films of their owner.
import * as v from 'valibot'
import { doneSchema, text, timestampSchema, uuidSchema } from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'

const tag = 'Signing keys'

const jwkSchema = v.looseObject({ kty: v.string() })

export const signingKeySchema = v.object({
  id: uuidSchema,
  name: v.string(),
  kid: v.string(),
  algorithm: v.picklist(['EdDSA', 'ES256', 'RS256']),
  public_jwk: jwkSchema,
  created_at: timestampSchema,
})
export const issuedSigningKeySchema = v.object({ ...signingKeySchema.entries, private_jwk: v.optional(jwkSchema) })

export const signingKeysApi = {
  createSigningKey: operation({
    route: 'POST /api/signing-keys',
    tag,
    summary: 'Register a public key, or have a pair made',
    description:
      'With `public_jwk` (Ed25519, P-256 or RSA) the private key never leaves you. Without, an Ed25519 pair is made and' +
      ' `private_jwk` is in this answer only.',
    access: 'playback:sign',
    adminsOnly: true,
    query: noQuery,
    body: jsonBody(v.strictObject({ name: text(1, 100), public_jwk: v.optional(v.looseObject({})) })),
    answers: { 201: json('The key; `private_jwk` is shown this once', issuedSigningKeySchema) },
    refusals: {
      409: [
        'A user can have at most {count} live signing keys',
        'A signing key with this kid is or was registered already',
      ],
      503: ['Signing keys are temporarily unavailable'],
    },
  }),

  listSigningKeys: operation({
    route: 'GET /api/signing-keys',
    tag,
    summary: 'The signing keys of the caller, newest first',
    access: 'playback:sign',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The keys', v.array(signingKeySchema)) },
    refusals: {},
  }),

  deleteSigningKey: operation({
    route: 'DELETE /api/signing-keys/{key_id}',
    tag,
    summary: 'Delete a signing key, and end every viewing that it began',
    description: 'Within PLAYBACK_REVOCATION_SECONDS everywhere, at once where the request is handled.',
    access: 'playback:sign',
    adminsOnly: true,
    query: noQuery,
    body: noBody,
    answers: { 200: json('Done', doneSchema) },
    refusals: { 403: ['Signing key does not belong to this user'], 404: ['Signing key not found'] },
  }),
}
