import { describe, expect, it } from 'vitest'
import { allows, firstMissing, parseScopes, SCOPES } from '../../../src/core/auth/scope.ts'

describe('parseScopes', () => {
  it('puts the words into their one order, each once', () => {
    expect(parseScopes(['videos:write', 'keys:read', 'videos:write'])).toEqual(['keys:read', 'videos:write'])
  })

  it('takes * beside others as *, but for keys:write, which * does not hold', () => {
    expect(parseScopes(['videos:read', '*'])).toEqual(['*'])
    expect(parseScopes(['keys:write', 'videos:read', '*'])).toEqual(['*', 'keys:write'])
  })

  it.each([[[]], [['videos:delete']], [['keys:read', '']], [['KEYS:READ']]])('refuses %j', (words) => {
    expect(parseScopes(words)).toBeUndefined()
  })
})

describe('allows', () => {
  it('lets * do everything but make and change keys, which has to be named', () => {
    expect(SCOPES.filter((scope) => !allows(['*'], scope))).toEqual(['keys:write'])
    expect(SCOPES.every((scope) => allows(['*', 'keys:write'], scope))).toBe(true)
  })

  it('lets a scope do itself and nothing else', () => {
    expect(SCOPES.filter((scope) => allows(['videos:write'], scope))).toEqual(['videos:write'])
  })

  it('lets no scopes do nothing', () => {
    expect(SCOPES.some((scope) => allows([], scope))).toBe(false)
  })
})

describe('firstMissing', () => {
  it.each([
    [['*'], ['*'], undefined],
    [['*'], ['keys:write'], 'keys:write'],
    [['*'], ['*', 'keys:write'], 'keys:write'],
    [['*', 'keys:write'], ['*'], undefined],
    [['*', 'keys:write'], ['*', 'keys:write'], undefined],
    [['keys:read', 'keys:write'], ['*'], '*'],
    [['*'], ['keys:read'], undefined],
    [['keys:read', 'keys:write'], ['keys:write'], undefined],
    [['keys:read'], ['keys:read', 'keys:write'], 'keys:write'],
    [[...SCOPES], ['*'], '*'],
    [[], ['keys:read'], 'keys:read'],
  ] as const)('of %j for %j is %s', (owned, wanted, missing) => {
    expect(firstMissing(owned, wanted)).toBe(missing)
  })
})
