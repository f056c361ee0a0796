// The console's variables.
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { clerkOrigin } from '../../src/config/console.ts'

const ENOUGH = { CLERK_ISSUER: 'https://clerk.example.com', DELIVERY: 'edge', EDGE_SIGNING_SECRET: 's'.repeat(32) }

describe('clerkOrigin', () => {
  it.each([
    ['pk_live_Y2xlcmsuZXhhbXBsZS5jb20k', 'https://clerk.example.com'],
    [`pk_test_${btoa('bold-lynx-7.clerk.accounts.dev$')}`, 'https://bold-lynx-7.clerk.accounts.dev'],
    [`pk_test_${btoa('clerk.example.com:8443$')}`, 'https://clerk.example.com:8443'],
  ])('is where the instance of %s is', (key, origin) => {
    expect(clerkOrigin(key)).toBe(origin)
  })

  it.each([
    'pk_live_',
    'sk_live_Y2xlcmsuZXhhbXBsZS5jb20k',
    `pk_live_${btoa('clerk.example.com')}`,
    `pk_live_${btoa("clerk.example.com; script-src 'unsafe-inline'$")}`,
    `pk_live_${btoa('localhost$')}`,
    `pk_live_${btoa('user@clerk.example.com$')}`,
    `pk_live_${btoa('clerk.example.com/path$')}`,
  ])('is nowhere for %s', (key) => {
    expect(clerkOrigin(key)).toBeUndefined()
  })
})

describe('readConfig', () => {
  it.each([
    ['CONSOLE', 'yes'],
    ['CLERK_PUBLISHABLE_KEY', 'sk_live_secret'],
    ['STAND_IN_ISSUER', 'https://issuer.example.com'],
    ['STAND_IN_ISSUER', 'http://127.0.0.1.example.com:80'],
  ])('names %s when it is wrong, also where the console is off', (name, value) => {
    for (const off of [{}, { CONSOLE: 'off' }]) {
      const result = readConfig({ ...ENOUGH, ...off, [name]: value })
      expect(result.ok ? [] : result.problems.map((problem) => problem.name)).toEqual([name])
    }
  })

  it('has no console with CONSOLE=off', () => {
    const result = readConfig({ ...ENOUGH, CONSOLE: 'off' })
    expect(result.ok && result.config.console).toBeUndefined()
  })
})
