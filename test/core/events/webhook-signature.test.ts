// What is signed, held against the library that receivers use.
import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import {
  formatWebhookSecret,
  isSignedWebhook,
  parseWebhookSecret,
  signWebhook,
} from '../../../src/core/events/webhook-signature.ts'

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

describe('isSignedWebhook', () => {
  const NOW = 1_795_000_000
  const secret = formatWebhookSecret(new Uint8Array(32).fill(7))
  const message = { id: 'msg_1', body: '{"type":"user.created"}' }
  const right = new Webhook(secret).sign(message.id, new Date(NOW * 1000), message.body)
  const check = (change: Partial<{ id: string; timestamp: string; signature: string; body: string }>, now = NOW) =>
    isSignedWebhook(secret, { ...message, timestamp: String(NOW), signature: right, ...change }, now * 1000)

  it('takes what the library signs, within five minutes either way, among others and other versions', () => {
    expect([NOW - 300, NOW, NOW + 300].map((now) => check({}, now))).toEqual([true, true, true])
    expect(check({ signature: `v1a,${right.slice(3)} v1,AAAA ${right}` })).toBe(true)
  })

  it.each([
    { id: 'msg_2' },
    { body: '{"type":"user.created"} ' },
    { timestamp: String(NOW + 1) },
    { timestamp: `${NOW}.0` },
    { timestamp: `+${NOW}` },
    { timestamp: '' },
    { timestamp: '1e9' },
    { signature: '' },
    { signature: right.slice(3) },
    { signature: `v2,${right.slice(3)}` },
    { signature: right.slice(0, -1) },
    { signature: `${right}=` },
    { signature: right.toLowerCase() },
  ])('takes %j for no message of the sender', (change) => {
    expect(check(change)).toBe(false)
  })

  it('takes none from more than five minutes before or ahead', () => {
    expect([check({}, NOW - 301), check({}, NOW + 301)]).toEqual([false, false])
  })
})
