// Uploading a film to the engine: the body passes, and nobody else's video may be named in it.
import { readVideoId } from '../../core/engine/envelope.ts'
import { parseEngineId } from '../../core/engine/ids.ts'
import { Fault } from '../../core/fault.ts'
import { watchField } from '../../core/engine/form-field.ts'
import type { Principal } from '../../core/auth/principal.ts'
import {
  connected,
  isDone,
  persist,
  refuseForeignVideos,
  refuseStranger,
  type EngineDeps,
  type TenantCall,
} from './access.ts'
import type { EngineAnswer, Inspect, StreamedBody } from './transport.ts'

/** Streams a film to the engine; whoever uploads it owns it. 413 over the limit, whether or not a length was given. */
export async function uploadVideo(
  deps: EngineDeps,
  { principal, context }: TenantCall,
  body: StreamedBody | undefined,
): Promise<EngineAnswer> {
  const { call, maxBodyBytes } = connected(deps)
  if ((body?.lengthBytes ?? 0) > maxBodyBytes) throw new Fault('payload_too_large', 'Request body is too large')
  const inspect = inspectForm(deps, principal, context.header('Content-Type') ?? '')
  const path = '/api/v1/videos/upload'
  const checked = await call({ method: 'POST', path, body, principal, context, ...(inspect && { inspect }) })
  const videoId = isDone(checked) ? readVideoId(checked.envelope.data) : undefined
  if (videoId !== undefined) {
    const owner = await persist(deps, () => deps.engineOwners.claimVideo(videoId, principal.userId, deps.nowMs()))
    refuseStranger('Video', principal, owner)
  }
  return checked.answer
}

/** A form may name a second video in a field before or behind the film: another's is refused wherever it stands. */
function inspectForm(
  deps: Pick<EngineDeps, 'engineOwners'>,
  principal: Principal,
  contentType: string,
): Inspect | undefined {
  const watch = watchField(contentType, TEMPLATE_FIELD)
  if (watch === 'no_form') return undefined
  if (watch === 'unreadable') throw unreadableForm()
  let count = 0
  return async function inspect(chunk) {
    const values = chunk === undefined ? watch.end() : watch.push(chunk)
    if (values === undefined) throw unreadableForm()
    for (const value of values) {
      count += 1
      if (count > 1) throw new Fault('validation_error', `${TEMPLATE_FIELD}: is given more than once`)
      const videoId = parseEngineId(value)
      if (videoId !== undefined) await refuseForeignVideos(deps, principal, [videoId])
      else if (value !== '') throw new Fault('validation_error', `${TEMPLATE_FIELD}: must be the id of a video`)
    }
  }
}

const TEMPLATE_FIELD = 'template_video_id'

function unreadableForm(): Fault {
  return new Fault('validation_error', 'body: must be a form that can be read in one way only')
}
