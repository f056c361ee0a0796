// What is signed, held against the library that receivers use.
import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { formatWebhookSecret, parseWebhookSecret, signWebhook } from '../../../src/core/events/webhook-signature.ts'

describe('signWebhook', () => {
  it('signs the vector of the specification', () => {
    const secret = parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    if (secret === undefined) throw new Error('it is one')
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' }
    expect(signWebhook(secret, message)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('signs whatever there is as the library does', () => {
    const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 })
    const body = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(bytes, body, fc.integer({ min: 0, max: 4e9 }), (key, text, timestamp) => {
        const secret = formatWebhookSecret(key)
        const message = { id: 'evt_1', timestamp, body: text.toWellFormed() }
        const theirs = new Webhook(secret).sign(message.id, new Date(timestamp * 1000), message.body)
        expect(signWebhook(secret, message)).toBe(theirs)
        expect(parseWebhookSecret(secret)).toBe(secret)
      }),
    )
  })

  it.each(['', 'whsec_', 'whsec_a', 'whsec_a===', 'whsec_a-_b', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
    'takes %j for no secret',
    (text) => {
      expect(parseWebhookSecret(text)).toBeUndefined()
    },
  )
})
