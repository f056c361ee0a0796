// Common Media Client Data, version 2 (CTA-5004-B): a report of events is a line each, `key=value` between commas. Pure.
import { decodeCmcd } from '@svta/cml-cmcd'
import { isRecord } from '../json.ts'
import type { PlayerEvent } from './said.ts'

/** What a report may hold; what is beyond is not read. */
export const MAX_REPORT_BYTES = 16 * 1024
const MAX_EVENTS = 64
const MAX_LINE_CHARS = 4096
const MAX_CODES = 4
/** The player's word for an error, without what could be anything else. */
const CODE = /^[A-Za-z0-9_.-]{1,32}$/
const STATE = /^[spkrawefqd]$/

/** The events that can be read, in the order of the report; nothing of a line that is no CMCD. */
export function readEvents(report: string): readonly PlayerEvent[] {
  const events: PlayerEvent[] = []
  for (const line of report.split(/\r\n|\n|\r/, MAX_EVENTS)) {
    const event = line.length > MAX_LINE_CHARS ? undefined : readEvent(line.trim())
    if (event !== undefined) events.push(event)
  }
  return events
}

function readEvent(line: string): PlayerEvent | undefined {
  const values = decoded(line)
  if (!isRecord(values) || typeof values['e'] !== 'string') return undefined
  const { e: kind, sta, ec } = values
  const codes = Array.isArray(ec) ? ec.slice(0, MAX_CODES).map(String) : []
  return {
    kind,
    state: typeof sta === 'string' && STATE.test(sta) ? sta : undefined,
    atMs: countOf(values['ts']),
    sequence: countOf(values['sn']),
    startupMs: countOf(values['msd']),
    playheadMs: countOf(values['pt']),
    codes: codes.map((code) => (CODE.test(code) ? code : 'other')),
  }
}

function decoded(line: string): unknown {
  try {
    return decodeCmcd(line)
  } catch {
    return undefined
  }
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
