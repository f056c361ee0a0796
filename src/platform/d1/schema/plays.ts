// Plays: what was watched, a row for each viewing, and its sums by the hour. Times are epoch milliseconds.
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

/**
 * Written by the queue's consumer only, at most once in two minutes and isolate; kept for 90 days. What changes with each
 * report stands in no index: D1 bills every index that a row touches.
 */
export const plays = sqliteTable(
  'plays',
  {
    /** Of the session: 16 hex digits. */
    sid: text('sid').primaryKey(),
    /** The owner of the film. */
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    // No reference: what was watched stays when the film goes.
    jobId: text('job_id').notNull(),
    /** As the customer's token names the viewer; null when it names none. */
    viewer: text('viewer'),
    /** What sessions carry of the viewer: 16 hex digits, zeros for none. */
    viewerHash: text('viewer_hash').notNull(),
    /** Of the key that signed the token: four hex digits. */
    keyReference: text('key_reference').notNull(),
    begunAt: integer('begun_at').notNull(),
    /** As first reported. It stands in indexes, so that nothing moves it any more; before 0018 every report did. */
    lastSeenAt: integer('last_seen_at').notNull(),
    endsAt: integer('ends_at').notNull(),
    country: text('country'),
    player: text('player').notNull(),
    /** Served by the Worker; segments that an S3 endpoint serves are not seen. */
    bytes: integer('bytes').notNull(),
    device: text('device').notNull().default('other'),
    seenAt: integer('seen_at').notNull().default(0),
    /** Ten minutes of `seen_at`: what finds those who watch now. */
    seenSlot: integer('seen_slot').notNull().default(0),
    /** Of the reports that are in here, the last some forty: one that comes twice counts once. */
    marks: text('marks').notNull().default(''),
    mediaMs: integer('media_ms').notNull().default(0),
    seenMs: integer('seen_ms').notNull().default(0),
    filmMs: integer('film_ms').notNull().default(0),
    knownBytes: integer('known_bytes').notNull().default(0),
    unknownBytes: integer('unknown_bytes').notNull().default(0),
    segments: integer('segments').notNull().default(0),
    stalls: integer('stalls').notNull().default(0),
    stallMs: integer('stall_ms').notNull().default(0),
    switches: integer('switches').notNull().default(0),
    isEnd: integer('is_end', { mode: 'boolean' }).notNull().default(false),
    /** Bits of the hundredths of the film, fifty each: delivered, and delivered again. */
    heatFirst: integer('heat_first').notNull().default(0),
    heatSecond: integer('heat_second').notNull().default(0),
    againFirst: integer('again_first').notNull().default(0),
    againSecond: integer('again_second').notNull().default(0),
    leftMs: integer('left_ms').notNull().default(0),
    startupMs: integer('startup_ms'),
    /** `code=count;` one after the other; a code may be there more than once. */
    errors: text('errors').notNull().default(''),
    /** What the player's own events said. */
    saidEvents: integer('said_events').notNull().default(0),
    saidStartupMs: integer('said_startup_ms'),
    saidStalls: integer('said_stalls').notNull().default(0),
    saidStallMs: integer('said_stall_ms').notNull().default(0),
    saidIdleMs: integer('said_idle_ms').notNull().default(0),
    saidSeeks: integer('said_seeks').notNull().default(0),
    /** When the last of them came. */
    saidUntil: integer('said_until').notNull().default(0),
    /** Bits: 1 playing was asked for, 2 a frame was shown, 4 the end was reached. */
    saidStates: integer('said_states').notNull().default(0),
  },
  (table) => [
    // Of versions before 0018, which may still run, or run again.
    index('plays_by_user').on(table.userId, table.lastSeenAt, table.sid),
    index('plays_by_film').on(table.userId, table.jobId, table.lastSeenAt, table.sid),
    index('plays_by_time').on(table.lastSeenAt),
    index('plays_live').on(table.userId, table.seenSlot, table.sid),
    index('plays_of_user').on(table.userId, table.begunAt, table.sid),
    index('plays_by_beginning').on(table.begunAt, table.sid),
  ],
)

/** Plays that began within an hour, summed up a day later from `plays`, as often as it takes. Never removed. */
export const playHours = sqliteTable(
  'play_hours',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    /** Hours since 1970. */
    hour: integer('hour').notNull(),
    jobId: text('job_id').notNull(),
    /** '' where nobody knows it. */
    country: text('country').notNull(),
    device: text('device').notNull(),
    player: text('player').notNull(),
    plays: integer('plays').notNull(),
    /** Of viewings whose token named a viewer: JSON, hashes of 16 hex digits, each once; and how many others there were. */
    viewers: text('viewers').notNull(),
    anonymous: integer('anonymous').notNull(),
    watchedMs: integer('watched_ms').notNull(),
    mediaMs: integer('media_ms').notNull(),
    mediaBytes: integer('media_bytes').notNull(),
    stalls: integer('stalls').notNull(),
    stallMs: integer('stall_ms').notNull(),
    exits: integer('exits').notNull(),
    switches: integer('switches').notNull(),
    /** Sum of the shares of the film that were seen, and of how many plays. */
    seenShares: real('seen_shares').notNull(),
    seenPlays: integer('seen_plays').notNull(),
    /** JSON: bucket of `core/analytics/histogram` → count. */
    startups: text('startups').notNull(),
    /** JSON: code → count. */
    errors: text('errors').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'play_hours_pk',
      columns: [table.userId, table.hour, table.jobId, table.country, table.device, table.player],
    }),
  ],
)

/** Hours with plays that `play_hours` does not hold yet, or no longer right. */
export const playHoursDue = sqliteTable('play_hours_due', {
  hour: integer('hour').primaryKey(),
  /** It is being summed up; a report that comes meanwhile takes that back. */
  isTaken: integer('is_taken', { mode: 'boolean' }).notNull().default(false),
})

/** Which hundredths of a film were watched by plays that began within an hour. Never removed. */
export const playHeat = sqliteTable(
  'play_heat',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    jobId: text('job_id').notNull(),
    hour: integer('hour').notNull(),
    /** JSON, a hundred counts each. */
    watched: text('watched').notNull(),
    again: text('again').notNull(),
    left: text('left').notNull(),
  },
  (table) => [primaryKey({ name: 'play_heat_pk', columns: [table.userId, table.jobId, table.hour] })],
)
