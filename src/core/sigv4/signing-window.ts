// When a URL is dated and how long it lives, so that a long film outlasts its signatures. Pure.

/** SigV4 allows no presigned URL to live longer: 7 days. */
export const MAX_EXPIRY_SECONDS = 604_800

/** What an unknown length counts as: 7 h 40 min, for which a URL lives 12 hours. */
export const UNKNOWN_PLAYING_SECONDS = 27_600

export interface SigningPolicy {
  /** The least a URL lives from the moment it is handed out. */
  readonly urlTtlSeconds: number
  /** Everybody gets the same URL within one window. */
  readonly windowSeconds: number
}

export interface SigningTime {
  /** `X-Amz-Date`, epoch seconds, never in the future. */
  readonly signedAtSeconds: number
  /** `X-Amz-Expires`, 1…604800. */
  readonly expiresSeconds: number
}

/**
 * The seconds a URL must stay valid from now: 1.5 × the playing time + 30 min, because players never
 * reload a VOD playlist and people pause; 12 h when the playing time is unknown.
 */
export function neededSeconds(policy: SigningPolicy, playingSeconds: number | undefined): number {
  return Math.max(policy.urlTtlSeconds, Math.ceil((playingSeconds ?? UNKNOWN_PLAYING_SECONDS) * 1.5) + 1800)
}

/** The time of everything that does not change while it is listed: floored to the window. */
export function signingTime(policy: SigningPolicy, nowMs: number, playingSeconds: number | undefined): SigningTime {
  return {
    signedAtSeconds: floorTo(nowMs / 1000, policy.windowSeconds),
    expiresSeconds: Math.min(neededSeconds(policy, playingSeconds) + policy.windowSeconds, MAX_EXPIRY_SECONDS),
  }
}

/** Whole seconds until the current window ends and URLs change, at least 1. */
export function windowRemainingSeconds(policy: SigningPolicy, nowMs: number): number {
  const nowSeconds = Math.floor(nowMs / 1000)
  return floorTo(nowSeconds, policy.windowSeconds) + policy.windowSeconds - nowSeconds
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step
}
