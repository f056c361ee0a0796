// A token for those who have a share link of a private film: its owner made the link, and may take it back.
import type { Audience } from '../../core/playback/claims.ts'
import type { TokenSigner } from './token-issue.ts'

/** Long enough for a page that stays open before play is pressed. */
const LIFE_SECONDS = 12 * 3600

/** The viewer that its viewings are recorded under, so that they end with the link. */
export function shareViewer(reportId: string): string {
  return `share:${reportId}`
}

/** Begins viewings for twelve hours at most, and never past the link's own end. */
export async function shareToken(
  deps: { readonly playbackTokens: TokenSigner; readonly nowMs: () => number },
  share: {
    readonly reportId: string
    readonly jobId: string
    readonly expiresAtMs: number | undefined
    readonly audiences: readonly Audience[]
  },
): Promise<string> {
  const iat = Math.floor(deps.nowMs() / 1000)
  const exp = Math.min(iat + LIFE_SECONDS, Math.ceil((share.expiresAtMs ?? Infinity) / 1000))
  return await deps.playbackTokens.sign({
    sub: share.jobId,
    aud: share.audiences,
    iat,
    exp,
    viewer: shareViewer(share.reportId),
  })
}
