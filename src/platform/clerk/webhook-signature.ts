// Whether a delivery is Clerk's: a Standard Webhooks signature over its id, time and raw body, by the real clock.
import { isSignedWebhook, parseWebhookSecret } from '../../core/events/webhook-signature.ts'
import type { WebhookSignature } from '../../domain/auth/clerk-webhooks.ts'

/** TypeError for a secret that is not `whsec_` and base64. */
export function webhookSignature(text: string, nowMs: () => number = Date.now): WebhookSignature {
  const secret = parseWebhookSecret(text)
  if (secret === undefined) throw new TypeError('a webhook secret is whsec_ and base64')
  return { isGenuine: (delivery) => isSignedWebhook(secret, delivery, nowMs()) }
}
