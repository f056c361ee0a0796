// A film of three hours on a real S3 endpoint: what was signed when it began still opens its last segment at its end.
import { userIdOf } from '../support/user-id.ts'
import { describe, expect, it } from 'vitest'
import { DEMO_USER_ID } from '../../src/cli/start/demo.ts'
import { DEMO_JOB_ID } from '../../src/cli/local-state.ts'
import { streamFolder } from '../../src/core/storage/media-key.ts'
import { createPresigner, deriveInScript } from '../../src/core/sigv4/presigner.ts'
import { signTextPlainly } from '../../src/core/sigv4/signed-text.ts'
import { s3Delivery } from '../../src/domain/delivery/delivery.ts'
import { startLocalService } from '../support/local-service.ts'

const { url: origin } = await startLocalService()
const S3 = {
  endpoint: '/cdn-cgi/local/r2/s3',
  region: 'auto',
  bucket: 'lynxgate-media',
  accessKeyId: 'lynxgate-local',
  secretAccessKey: 'lynxgate-local-secret',
}
const HOUR_MS = 3_600_000
const FILM_SECONDS = 3 * 3600
/** Stands for the film's last segment: an object that is really there. */
const FOLDER = streamFolder(userIdOf(DEMO_USER_ID), DEMO_JOB_ID)
const PATH = 'video/360p/segment-5.m4s'
const LAST_SEGMENT = FOLDER + PATH

/** The URL of the last segment as a playlist handed it out some hours ago. */
function signHoursAgo(hours: number, playingSeconds: number): string {
  const policy = { urlTtlSeconds: 3600, windowSeconds: 900 }
  const signer = { signText: signTextPlainly, deriveKey: deriveInScript }
  const delivery = s3Delivery(S3, policy, () => Date.now() - hours * HOUR_MS, signer)
  const draft = { text: '', edits: [{ start: 0, end: 0, leaf: 0, text: '' }], leaves: [{ name: PATH }] }
  const chunks = delivery.print(draft, { folder: FOLDER, origin, playingSeconds })
  return Array.from(chunks, (chunk) => new TextDecoder().decode(chunk)).join('')
}

async function fetchSegment(url: string): Promise<{ status: number; text: string; bytes: number }> {
  const response = await fetch(url)
  const body = await response.arrayBuffer()
  return { status: response.status, text: new TextDecoder().decode(body), bytes: body.byteLength }
}

describe('the last segment of a three-hour film', () => {
  it('opens when the film was started three hours ago', async () => {
    const segment = await fetchSegment(signHoursAgo(3, FILM_SECONDS))
    expect(segment.status).toBe(200)
    expect(segment.bytes).toBeGreaterThan(1000)
  })

  it('opens after an hour and a half of pauses, too', async () => {
    expect((await fetchSegment(signHoursAgo(4.5, FILM_SECONDS))).status).toBe(200)
  })

  it('is refused a day later: no URL lives for ever', async () => {
    const refused = await fetchSegment(signHoursAgo(24, FILM_SECONDS))
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('ExpiredRequest')
  })

  it('would have been refused with a fixed hour', async () => {
    const fixedHour = createPresigner(S3).presign({
      method: 'GET',
      origin,
      path: `${S3.endpoint}/${S3.bucket}/${LAST_SEGMENT}`,
      signedAtSeconds: Math.floor((Date.now() - 3 * HOUR_MS) / 1000),
      expiresSeconds: 3600,
    })
    const refused = await fetchSegment(fixedHour)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('ExpiredRequest')
  })
})
