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
] as const

export type Scope = (typeof SCOPES)[number]

/** Everything, also what is invented later. Never beside another word. */
export const ALL_SCOPES = ['*'] as const satisfies Scopes

/** `['*']`, or some scopes in the order of SCOPES, each once. */
export type Scopes = readonly ['*'] | readonly Scope[]

/** The words in their one order; undefined for none, or for an unknown scope. */
export function parseScopes(words: readonly string[]): Scopes | undefined {
  if (words.length === 0 || !words.every((word) => word === '*' || isScope(word))) return undefined
  return words.includes('*') ? ALL_SCOPES : SCOPES.filter((scope) => words.includes(scope))
}

export function isScope(word: string): word is Scope {
  return SCOPES.some((scope) => scope === word)
}

/** Whether the scopes allow what asks for one of them. */
export function allows(scopes: Scopes, wanted: Scope): boolean {
  return scopes[0] === '*' || scopes.some((scope) => scope === wanted)
}

/** The first word of `wanted` that `owned` does not cover; undefined when it covers all. */
export function firstMissing(owned: Scopes, wanted: Scopes): Scope | '*' | undefined {
  if (owned[0] === '*') return undefined
  return wanted.find((word) => word === '*' || !allows(owned, word))
}
