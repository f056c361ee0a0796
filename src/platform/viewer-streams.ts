// The streams that one viewer of one owner's films watches at once: a Durable Object, which decides them one after
// another. A stream holds its place by a lease that its own traffic renews, so one that crashed frees it by itself.
// Times come from the callers, all of them this Worker.
import { DurableObject } from 'cloudflare:workers'

export interface StreamBegin {
  /** Of the session. */
  readonly sid: string
  /** How many may run at once. */
  readonly streams: number
  readonly rule: 'replace' | 'refuse'
  /** When the session is over at the latest, epoch milliseconds. */
  readonly endsAtMs: number
  readonly nowMs: number
}

/** Renewed every half minute at the most, so that two renewals may be lost. */
const LEASE_MS = 90_000
/** Streams that hold no place: ended ones, and those in a long pause. */
const MAX_IDLE = 256

const TABLE = `CREATE TABLE IF NOT EXISTS streams (
  sid TEXT PRIMARY KEY, begun_at INTEGER NOT NULL, lease_until INTEGER NOT NULL, ends_at INTEGER NOT NULL,
  streams INTEGER NOT NULL, is_ended INTEGER NOT NULL DEFAULT 0)`

export class ViewerStreams extends DurableObject {
  /** Gives the stream a place: where all are taken, the oldest ends for it, or it is refused. */
  async begin({ sid, streams, rule, endsAtMs, nowMs }: StreamBegin): Promise<'begun' | 'full'> {
    const sql = this.#open()
    sql.exec('DELETE FROM streams WHERE ends_at <= ?', nowMs)
    const surplus = this.#holding(nowMs) + 1 - streams
    if (surplus > 0 && rule === 'refuse') return 'full'
    if (surplus > 0) {
      sql.exec(
        `UPDATE streams SET is_ended = 1 WHERE sid IN
          (SELECT sid FROM streams WHERE is_ended = 0 AND lease_until > ? ORDER BY begun_at, rowid LIMIT ?)`,
        nowMs,
        surplus,
      )
    }
    sql.exec(
      'INSERT INTO streams (sid, begun_at, lease_until, ends_at, streams) VALUES (?, ?, ?, ?, ?)',
      sid,
      nowMs,
      nowMs + LEASE_MS,
      endsAtMs,
      streams,
    )
    sql.exec(
      `DELETE FROM streams WHERE sid IN (SELECT sid FROM streams WHERE is_ended = 1 OR lease_until <= ?
        ORDER BY lease_until DESC LIMIT -1 OFFSET ?)`,
      nowMs,
      MAX_IDLE,
    )
    // By this object's own clock: when it comes, nothing that is stored can still run.
    const emptyAtMs = Date.now() + (endsAtMs - nowMs)
    if (((await this.ctx.storage.getAlarm()) ?? 0) < emptyAtMs) await this.ctx.storage.setAlarm(emptyAtMs)
    return 'begun'
  }

  /** Renews the lease. One that ran out in a pause takes a free place again, or its stream has ended. */
  async renew(sid: string, nowMs: number): Promise<'running' | 'ended'> {
    const sql = this.#open()
    const [row] = sql
      .exec<{ lease_until: number; streams: number }>(
        'SELECT lease_until, streams FROM streams WHERE sid = ? AND is_ended = 0 AND ends_at > ?',
        sid,
        nowMs,
      )
      .toArray()
    if (row === undefined) return 'ended'
    if (row.lease_until <= nowMs && this.#holding(nowMs) >= row.streams) {
      sql.exec('UPDATE streams SET is_ended = 1 WHERE sid = ?', sid)
      return 'ended'
    }
    sql.exec('UPDATE streams SET lease_until = ? WHERE sid = ?', nowMs + LEASE_MS, sid)
    return 'running'
  }

  /** Frees the place of a stream that did not begin after all. */
  async release(sid: string): Promise<void> {
    this.#open().exec('DELETE FROM streams WHERE sid = ?', sid)
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  /** The alarm takes the table away too. */
  #open(): SqlStorage {
    this.ctx.storage.sql.exec(TABLE)
    return this.ctx.storage.sql
  }

  #holding(nowMs: number): number {
    return this.ctx.storage.sql
      .exec<{ n: number }>('SELECT count(*) AS n FROM streams WHERE is_ended = 0 AND lease_until > ?', nowMs)
      .one().n
  }
}
