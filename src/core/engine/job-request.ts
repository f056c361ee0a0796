// The body of POST /jobs: which videos it names, and how it is written for the engine. Pure.
import { parseEngineId, type EngineId } from './ids.ts'
import { readStrictJson, writeStrictJson } from './strict-json.ts'
import { VIDEO_MEMBERS, videoMember } from './video-member.ts'
import { holdsWebhookMember, WEBHOOK_MEMBER } from './webhook-member.ts'

export type JobRequest =
  | {
      readonly ok: true
      readonly videoIds: readonly EngineId[]
      /** Where the caller wants the end of the job reported. */
      readonly webhookUrl: string | undefined
      /** Everything else it says. */
      readonly members: Readonly<Record<string, unknown>>
    }
  | { readonly ok: false; readonly reason: 'not_json' }
  | { readonly ok: false; readonly reason: 'invalid'; readonly detail: string }

/** The videos a job would use. An absent or null member is the engine's to refuse. */
export function readJobRequest(body: string): JobRequest {
  const json = readStrictJson(body)
  if (!json.ok) return json.reason === 'not_json' ? { ok: false, reason: 'not_json' } : invalid(json.detail)
  const { value } = json
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid('body: must be an object')
  const members = value as Readonly<Record<string, unknown>>
  const misspelt = Object.keys(members).find((name) => videoMember(name) === 'misspelt')
  if (misspelt !== undefined) return invalid(`body: must spell ${VIDEO_MEMBERS.join(' and ')} in no other way`)
  const videoIds: EngineId[] = []
  for (const member of VIDEO_MEMBERS) {
    const given = Object.hasOwn(members, member) ? members[member] : undefined
    if (given === undefined || given === null) continue
    const id = parseEngineId(given)
    if (id === undefined) return invalid(`${member}: must be 1 to 128 letters, digits, dots, underscores, ~ or -`)
    videoIds.push(id)
  }
  const { [WEBHOOK_MEMBER]: webhookUrl, ...rest } = members
  if (holdsWebhookMember(rest)) return invalid(`body: must spell ${WEBHOOK_MEMBER} in no other way, and hold it once`)
  if (webhookUrl !== undefined && webhookUrl !== null && typeof webhookUrl !== 'string') {
    return invalid(`${WEBHOOK_MEMBER}: must be a URL`)
  }
  return { ok: true, videoIds, webhookUrl: webhookUrl ?? undefined, members: rest }
}

/** The body to send: JSON in ASCII. `callbackUrl`: the address of the service that the engine calls at the end. */
export function writeJobRequest(members: Readonly<Record<string, unknown>>, callbackUrl: string | undefined): string {
  return writeStrictJson(callbackUrl === undefined ? members : { ...members, [WEBHOOK_MEMBER]: callbackUrl })
}

function invalid(detail: string): JobRequest {
  return { ok: false, reason: 'invalid', detail }
}
