// When a URL is dated and how long it lives, so that a long film outlasts its signatures. Pure.

/** SigV4 allows no presigned URL to live longer: 7 days. */
export const MAX_EXPIRY_SECONDS = 604_800

const DAY_SECONDS = 86_400
const UNKNOWN_PLAYING_SECONDS = 12 * 3600
/** An encoder's clock may run ahead of ours by this much and its segments are still dated in the past. */
const CLOCK_SKEW_SECONDS = 3600

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
function neededSeconds(policy: SigningPolicy, playingSeconds: number | undefined): number {
  const film = playingSeconds === undefined ? UNKNOWN_PLAYING_SECONDS : Math.ceil(playingSeconds * 1.5) + 1800
  return Math.max(policy.urlTtlSeconds, film)
}

/** The time of everything that does not change while it is listed: floored to the window. */
export function signingTime(policy: SigningPolicy, nowMs: number, playingSeconds: number | undefined): SigningTime {
  return {
    signedAtSeconds: floorTo(nowMs / 1000, policy.windowSeconds),
    expiresSeconds: Math.min(neededSeconds(policy, playingSeconds) + policy.windowSeconds, MAX_EXPIRY_SECONDS),
  }
}

/**
 * The time of a live playlist's segment, which keeps its URL while it is listed (RFC 8216bis §6.3.4):
 * its EXT-X-PROGRAM-DATE-TIME where that lies in the last day, else the current UTC day. So a URL
 * changes at most once: when the segment turns a day old, or at midnight UTC without dates.
 */
export function liveSigningTime(
  policy: SigningPolicy,
  nowMs: number,
  programDateTimeMs: number | undefined,
): SigningTime {
  const nowSeconds = nowMs / 1000
  const expiresSeconds = Math.min(
    neededSeconds(policy, undefined) + DAY_SECONDS + CLOCK_SKEW_SECONDS + policy.windowSeconds,
    MAX_EXPIRY_SECONDS,
  )
  if (programDateTimeMs !== undefined) {
    const dated = floorTo(programDateTimeMs / 1000 - CLOCK_SKEW_SECONDS, policy.windowSeconds)
    const oldest = nowSeconds - DAY_SECONDS - CLOCK_SKEW_SECONDS - policy.windowSeconds
    if (dated <= nowSeconds && dated > oldest) return { signedAtSeconds: dated, expiresSeconds }
  }
  return { signedAtSeconds: floorTo(nowSeconds, DAY_SECONDS), expiresSeconds }
}

/** Whole seconds until the current window ends and URLs change, at least 1. */
export function windowRemainingSeconds(policy: SigningPolicy, nowMs: number): number {
  const nowSeconds = Math.floor(nowMs / 1000)
  return floorTo(nowSeconds, policy.windowSeconds) + policy.windowSeconds - nowSeconds
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step
}
