// What a key may do, as words. Pure.

export const SCOPES = [
  'keys:read',
  'keys:write',
  'videos:read',
  'videos:write',
  'storage:read',
  'storage:write',
  'reports:read',
  'reports:write',
  'engine:read',
  'engine:write',
  'playback:read',
  'playback:write',
  'playback:sign',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'analytics:read',
] as const

export type Scope = (typeof SCOPES)[number]

/** Everything that asks for a scope, also what is invented later. */
export const ALL_SCOPES = ['*', 'keys:write'] as const satisfies Scopes

/** Everything but making and changing keys: a key that leaks must not take its owner's place. */
export const STAR = ['*'] as const satisfies Scopes

/** `['*']`, `['*', 'keys:write']`, or some scopes in the order of SCOPES, each once. */
export type Scopes = readonly ['*'] | readonly ['*', 'keys:write'] | readonly Scope[]

/** The words in their one order; undefined for none, or for an unknown scope. */
export function parseScopes(words: readonly string[]): Scopes | undefined {
  if (words.length === 0 || !words.every((word) => word === '*' || isScope(word))) return undefined
  if (words.includes('*')) return words.includes('keys:write') ? ALL_SCOPES : STAR
  return SCOPES.filter((scope) => words.includes(scope))
}

export function isScope(word: string): word is Scope {
  return SCOPES.some((scope) => scope === word)
}

/** Whether the scopes allow what asks for one of them. `*` is every one but `keys:write`, which has to be named. */
export function allows(scopes: Scopes, wanted: Scope): boolean {
  return (scopes[0] === '*' && wanted !== 'keys:write') || scopes.some((scope) => scope === wanted)
}

/** The first word of `wanted` that `owned` does not cover; undefined when it covers all. */
export function firstMissing(owned: Scopes, wanted: Scopes): Scope | '*' | undefined {
  const words: readonly (Scope | '*')[] = wanted
  return words.find((word) => (word === '*' ? owned[0] !== '*' : !allows(owned, word)))
}
