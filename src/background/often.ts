// What the service does by itself every few minutes: going on where something got lost.
import { sealTrails, type AuditDeps } from '../domain/audit/audit.ts'
import { remindOfOverdue, type SendingDeps } from '../domain/events/sending.ts'
import { askForSilentJobs, type CallbackDeps } from '../domain/engine/callbacks.ts'
import { rollUpHours, type RollupDeps } from '../domain/analytics/rollup.ts'
import type { Log } from '../domain/log.ts'
import { removeOldPlays, type RetentionDeps } from '../domain/playback/plays.ts'
import { sweepRuns, type ProcessingDeps } from '../domain/processing/processing.ts'
import { attempt } from './attempt.ts'

export interface OftenDeps
  extends
    SendingDeps,
    CallbackDeps,
    AuditDeps,
    RollupDeps,
    RetentionDeps,
    Pick<ProcessingDeps, 'runStore' | 'runExecution'> {
  readonly log: Log
}

/** One failing task keeps no other from running. */
export async function runOften(deps: OftenDeps): Promise<void> {
  await attempt(deps.log, 'overdue events were reminded of', () => remindOfOverdue(deps))
  await attempt(deps.log, 'audit trails were sealed', () => sealTrails(deps))
  await attempt(deps.log, 'runs that stood still go on', () => sweepRuns(deps))
  await attempt(deps.log, 'hours of plays were summed up', () => rollUpHours(deps))
  await attempt(deps.log, 'old plays were removed', () => removeOldPlays(deps))
  await attempt(deps.log, 'silent jobs were asked for', () => askForSilentJobs(deps))
}
