// What private films and sessions in the path rest on: the bindings that wrangler.toml declares, and the secret that
// sessions are made with, which the service must share with the file.
import { isRecord, parseJson } from '../../core/json.ts'
import { newSessionId } from '../../core/playback/session.ts'
import { playbackSessions } from '../../domain/playback/sessions.ts'
import type { Settings } from '../project.ts'
import { ok, problem, skipped, type Finding } from './finding.ts'
import { variableOf, type Patient } from './patient.ts'

/** Bindings that may be left out, and what is missing then. */
export function checkPlaybackBindings({
  durable_objects: objects,
  queues,
}: Pick<Settings, 'durable_objects' | 'queues'>): Finding[] {
  return [streamsFinding(objects), playsFinding(queues), limitsFinding(objects)]
}

function streamsFinding({ bindings }: Settings['durable_objects']): Finding {
  return bindings.some(({ name }) => name === 'STREAMS')
    ? ok('binding STREAMS', 'declared: tokens may count a viewer’s streams')
    : skipped('binding STREAMS', 'not declared: tokens with `streams` are a 503 (durable_objects in wrangler.toml)')
}

function limitsFinding({ bindings }: Settings['durable_objects']): Finding {
  return bindings.some(({ name }) => name === 'LIMITS')
    ? ok('binding LIMITS', 'declared: API keys may have limits')
    : skipped('binding LIMITS', 'not declared: API keys with `limits` are a 503 (durable_objects in wrangler.toml)')
}

function playsFinding({ producers = [], consumers = [] }: Settings['queues']): Finding {
  const subject = 'binding PLAYS'
  const queue = producers.find(({ binding }) => binding === 'PLAYS')?.queue
  if (queue === undefined) {
    return skipped(subject, 'not declared: GET /api/playback/sessions is a 503 (queues in wrangler.toml)')
  }
  return consumers.some((consumer) => consumer.queue === queue)
    ? ok(subject, 'declared, and its queue is consumed')
    : problem(
        subject,
        `the queue ${queue} has no consumer: nobody is ever seen watching`,
        `add [[queues.consumers]] with queue = "${queue}" to wrangler.toml, and deploy`,
      )
}

/** Shows the service a session of a film that is not there: who has the same secret says so, others say `invalid`. */
export async function checkSessions(patient: Pick<Patient, 'url' | 'variables'>): Promise<Finding> {
  const subject = 'playback sessions'
  const secret = variableOf(patient, 'EDGE_SIGNING_SECRET')
  if (secret === undefined) {
    return skipped(subject, 'the file has no EDGE_SIGNING_SECRET: there are no private films')
  }
  const response = await fetch(`${patient.url}/v/${sessionOfNoFilm(secret)}/index.m3u8`).catch(() => undefined)
  const answer = response && parseJson(await response.text())
  const detail = isRecord(answer) ? answer['detail'] : undefined
  if (response?.status === 404 && detail === 'Video not found') return ok(subject, 'are known to the service')
  if (response?.status === 403) {
    return problem(
      subject,
      'the service does not know a session made with this file’s EDGE_SIGNING_SECRET',
      'npm run deploy -- --secrets-file FILE; when rotating, keep the old secret as EDGE_SIGNING_SECRET_PREVIOUS for a week',
    )
  }
  return problem(
    subject,
    `${response?.status ?? 'no answer'} came from /v/ instead of 404`,
    'let /v/* reach the Worker: see run_worker_first in wrangler.toml, routes, and whatever filters paths in front of it',
  )
}

function sessionOfNoFilm(secret: string): string {
  const begunAt = Math.floor(Date.now() / 1000)
  const session = {
    jobId: crypto.randomUUID(),
    sid: newSessionId((count) => crypto.getRandomValues(new Uint8Array(count))),
    viewer: '0'.repeat(16),
    begunAt,
    endsAt: begunAt + 600,
    keyReference: '0000',
    flags: { isCounted: false, isBound: false, isLive: false, maxLines: 0 },
  }
  return playbackSessions([secret]).issue(session, undefined)
}
