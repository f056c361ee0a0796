// Whether a delivery is Clerk's: a Standard Webhooks signature over its id, time and raw body.
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import type { WebhookSignature } from '../../domain/auth/clerk-webhooks.ts'

/** Five minutes of tolerance either way, several signatures while a secret is being replaced, constant time. */
export function webhookSignature(secret: string): WebhookSignature {
  const webhook = new Webhook(secret)
  return {
    isGenuine({ id, timestamp, signature, body }) {
      const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
      try {
        webhook.verify(body, headers, { jsonParse: false })
        return true
      } catch (error) {
        if (error instanceof WebhookVerificationError) return false
        throw error
      }
    },
  }
}
