// What the service does by itself once a day. No request waits for it.
import { forgetOldEvents, type DeliveryDeps } from '../domain/events/deliveries.ts'
import { forgetOldCallbacks, type CallbackDeps } from '../domain/engine/callbacks.ts'
import { announceExpiringKeys, type ExpiringKeyDeps } from '../domain/keys/expiring.ts'
import { sweepUploads, type SweepDeps } from '../domain/storage/multipart-sweep.ts'
import { attempt } from './attempt.ts'

export type DailyDeps = SweepDeps &
  ExpiringKeyDeps &
  Pick<CallbackDeps, 'callbackStore'> &
  Pick<DeliveryDeps, 'eventLog' | 'nowMs'>

/** One failing task keeps no other from running. */
export async function runDaily(deps: DailyDeps): Promise<void> {
  await attempt(deps.log, 'unfinished uploads were ended', () => sweepUploads(deps))
  await attempt(deps.log, 'keys that expire soon were announced', () => announceExpiringKeys(deps))
  await attempt(deps.log, 'old events were forgotten', () => forgetOldEvents(deps))
  await attempt(deps.log, 'old callbacks were forgotten', () => forgetOldCallbacks(deps))
}
