// Uploading a film to the engine: the body passes, and no other user's video may be named in it.
import { readVideoId } from '../../core/engine/envelope.ts'
import { Fault } from '../../core/fault.ts'
import { readForm } from '../../core/engine/form-field.ts'
import { formType, readFormType } from '../../core/engine/body-type.ts'
import type { Principal } from '../../core/auth/principal.ts'
import {
  connected,
  isDone,
  retryWhileDatabaseIsDown,
  refuseForeignVideos,
  requireOwner,
  type EngineDeps,
  type TenantCall,
} from './access.ts'
import type { EngineAnswer, Inspect, StreamedBody } from './transport.ts'

/**
 * Streams a film to the engine; the caller owns it. 413 over the limit, whether or not a length was given; 415 for
 * anything but a form, 422 for a form that parsers could read in different ways.
 */
export async function uploadVideo(
  deps: EngineDeps,
  { principal, context }: TenantCall,
  { contentType, body }: { readonly contentType: string; readonly body: StreamedBody | undefined },
): Promise<EngineAnswer> {
  const { call, maxBodyBytes } = connected(deps)
  if ((body?.lengthBytes ?? 0) > maxBodyBytes) throw new Fault('payload_too_large', 'Request body is too large')
  const boundary = readBoundary(contentType)
  if (body === undefined) throw new Fault('validation_error', 'body: is required')
  const content = { ...body, inspect: inspectForm(deps, principal, boundary) }
  const form = { contentType: formType(boundary), content }
  const checked = await call({ method: 'POST', path: '/api/v1/videos/upload', body: form, principal, context })
  const videoId = isDone(checked) ? readVideoId(checked.envelope.data) : undefined
  if (videoId !== undefined) {
    const owner = await retryWhileDatabaseIsDown(deps, () =>
      deps.engineOwners.claimVideo(videoId, principal.userId, deps.nowMs()),
    )
    requireOwner('Video', principal, owner)
  }
  return checked.answer
}

function readBoundary(contentType: string): string {
  const type = readFormType(contentType)
  if (type.ok) return type.boundary
  if (type.reason === 'not_form') {
    throw new Fault('unsupported_media_type', 'Content-Type must be multipart/form-data, in UTF-8 if it has a charset')
  }
  throw new Fault('validation_error', "Content-Type: boundary must be 1 to 70 letters, digits or any of '()+_./:=?-")
}

/** A form may name a video in a field before or behind the film: another's is refused wherever it stands. */
function inspectForm(deps: Pick<EngineDeps, 'engineOwners'>, principal: Principal, boundary: string): Inspect {
  const form = readForm(boundary)
  return async function inspect(chunk) {
    const read = chunk === undefined ? form.end() : form.push(chunk)
    if (!read.ok) throw new Fault('validation_error', read.detail)
    await refuseForeignVideos(deps, principal, read.videoIds)
  }
}
