// What the engine answers: an envelope, and in it the few members the gate reads. Pure; everything else passes unread.
import { isRecord, parseJson } from '../json.ts'
import { parseEngineId, type EngineId } from './ids.ts'

export interface Envelope {
  readonly isSuccess: boolean
  readonly data: unknown
}

/** The last known status of a job, for its owner's list. */
export interface JobSnapshot {
  readonly videoId: EngineId | undefined
  readonly status: string | undefined
  readonly progressPercent: number | undefined
  readonly currentStage: string | undefined
  /** As the engine wrote them. */
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

const MAX_TEXT_LENGTH = 256

/**
 * The answer's envelope; undefined for anything else: no JSON, JSON nested too deep, a bare value, a failure without its
 * reason.
 */
export function readEnvelope(text: string): Envelope | undefined {
  const value = parseJson(text)
  if (!isRecord(value)) return undefined
  const { success, message, error, data } = value
  if (success === true) return { isSuccess: true, data }
  if (success !== false || typeof message !== 'string' || !isRecord(error)) return undefined
  if (typeof error['detail'] !== 'string' || typeof error['code'] !== 'string') return undefined
  return { isSuccess: false, data }
}

export function readVideoId(data: unknown): EngineId | undefined {
  return isRecord(data) ? parseEngineId(data['video_id']) : undefined
}

export function readJobId(data: unknown): EngineId | undefined {
  return isRecord(data) ? parseEngineId(data['job_id']) : undefined
}

/**
 * Members of another type, or absurdly long, count as absent. What is here comes out of a database as it went in, so that
 * reading the same answer twice gives equal snapshots.
 */
export function readJobSnapshot(data: unknown): JobSnapshot {
  const job = isRecord(data) ? data : {}
  const progress = job['progress_percent']
  return {
    videoId: readVideoId(data),
    status: readText(job['status']),
    progressPercent: typeof progress === 'number' && Number.isFinite(progress) ? progress : undefined,
    currentStage: readText(job['current_stage']),
    createdAt: readText(job['created_at']),
    updatedAt: readText(job['updated_at']),
  }
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH ? value.toWellFormed() : undefined
}
