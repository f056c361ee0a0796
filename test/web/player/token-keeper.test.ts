import { describe, expect, it } from 'vitest'
import { readExpiry } from '../../../src/web/player/token-keeper.ts'

const token = (claims: string): string => `e30.${btoa(claims).replaceAll('=', '')}.sig`

describe('readExpiry', () => {
  it('reads when a token ends, in milliseconds', () => {
    expect(readExpiry(token('{"exp":1700000000}'))).toBe(1_700_000_000_000)
  })

  it.each(['', 'a', 'a.b.c', token('{}'), token('null'), token('{"exp":"1"}'), token('{"exp":1e999}')])(
    'knows no end of %s',
    (text) => expect(readExpiry(text)).toBeUndefined(),
  )
})
