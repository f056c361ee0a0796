// What the doctor says of the bindings of private films; the session it shows a service is in test/local/doctor.test.ts.
import { describe, expect, it } from 'vitest'
import { checkPlaybackBindings } from '../../../src/cli/doctor/playback-check.ts'

const producers = [{ binding: 'PLAYS', queue: 'plays' }]

describe('checkPlaybackBindings', () => {
  it('finds them well where they are declared and consumed', () => {
    const findings = checkPlaybackBindings({
      durable_objects: { bindings: [{ name: 'STREAMS' }, { name: 'LIMITS' }] },
      queues: { producers, consumers: [{ queue: 'plays' }] },
    })
    expect(findings.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok'])
  })

  it('says what is missing without them, which is no problem', () => {
    const findings = checkPlaybackBindings({ durable_objects: { bindings: [] }, queues: {} })
    expect(findings.map(({ state }) => state)).toEqual(['skipped', 'skipped', 'skipped'])
    expect(findings[0]?.sentence).toContain('tokens with `streams` are a 503')
    expect(findings[1]?.sentence).toContain('GET /api/playback/sessions is a 503')
    expect(findings[2]?.sentence).toContain('API keys with `limits` are a 503')
  })

  it('tells a queue that nobody reads', () => {
    const consumers = [{ queue: 'another' }]
    const [, plays] = checkPlaybackBindings({ durable_objects: { bindings: [] }, queues: { producers, consumers } })
    expect(plays).toMatchObject({ state: 'problem', sentence: expect.stringContaining('plays has no consumer') })
  })
})
