// What can happen to what a user owns, by name. Pure.

export const EVENT_TYPES = [
  'video.registered',
  'video.updated',
  'video.deleted',
  'processing.queued',
  'processing.started',
  'processing.completed',
  'processing.failed',
  'processing.cancelled',
  'job.finished',
  'report.shared',
  'report.revoked',
  'key.created',
  'key.rotated',
  'key.deactivated',
  'key.deleted',
  'key.expiring',
  'playback.revoked',
] as const

/** `ping` is sent when it is asked for, and happens to nothing. */
export type EventType = (typeof EVENT_TYPES)[number]

/** Everything, also what is invented later; or some types, each once and in their one order. */
export type Subscription = readonly ['*'] | readonly EventType[]

export const ALL_EVENTS = ['*'] as const satisfies Subscription

export function isEventType(word: string): word is EventType {
  return EVENT_TYPES.some((type) => type === word)
}

/** The words in their one order; undefined for none, or for a word that is no type. */
export function parseSubscription(words: readonly string[]): Subscription | undefined {
  if (words.length === 0 || !words.every((word) => word === '*' || isEventType(word))) return undefined
  return words.includes('*') ? ALL_EVENTS : EVENT_TYPES.filter((type) => words.includes(type))
}
