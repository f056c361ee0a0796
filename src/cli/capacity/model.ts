// From viewers to requests, rows, operations and bytes, and to the limit that is met first. Pure sums.
import { hitRate } from './hit-rate.ts'
import {
  ASSUMED,
  FILM_FRESH_SECONDS,
  GATHER_SECONDS,
  MAX_REPORTS_A_MESSAGE,
  MEDIA_CACHE_SECONDS,
  PLAY_BYTES,
  PLAY_RETENTION_DAYS,
  PLAYS_REMOVED_A_DAY,
  HOUR_ROWS_WRITTEN,
  PLAY_ROWS_WRITTEN,
  PLAY_SLOT,
  PLAYLISTS_A_VIEWING,
  REDIRECTS_A_VIEWING,
  REPORT_SECONDS,
  REQUEST_MS,
} from './measured.ts'
import { DATABASE_BYTES, QUEUE_MESSAGES_A_SECOND } from './prices.ts'

export interface Audience {
  /** People, each of whom watches one film a day. */
  readonly viewers: number
  readonly films: number
  /** Watched of the film. */
  readonly minutes: number
  readonly segmentSeconds: number
  /** Streams that are fetched beside each other: picture and sound apart are 2. */
  readonly tracks: number
  /** Of what is watched; stored films have three times as much, for their other renditions. */
  readonly megabits: number
  /** Who serves the segments: the bucket's S3 endpoint, to public films, or the Worker below a session. */
  readonly delivery: 's3' | 'edge'
}

/** Of a month. */
export interface Usage {
  readonly requests: number
  readonly cpuMs: number
  readonly d1RowsRead: number
  readonly d1RowsWritten: number
  readonly r2Reads: number
  readonly r2GigabyteMonths: number
  /** Sending, receiving and deleting a message are one each. */
  readonly queueOperations: number
}

export interface Limit {
  readonly what: string
  /** 1 is the limit. */
  readonly used: number
  readonly remedy: string
}

export interface Forecast {
  readonly usage: Usage
  readonly viewerHours: number
  /** At the busiest moment. */
  readonly peakRequestsASecond: number
  readonly peakGigabitsASecond: number
  /** Shares, 0 to 1. */
  readonly filmHitRate: number
  readonly segmentHitRate: number
  readonly d1RowsWrittenAMillionViewings: number
  /** The tightest first. */
  readonly limits: readonly Limit[]
}

const RENDITIONS = 3

/** What an audience costs in a month, and how near its busiest moment comes to each limit. */
export function forecast(audience: Audience): Forecast {
  const { viewers, films, minutes, segmentSeconds, tracks, megabits, delivery } = audience
  const viewings = viewers * ASSUMED.daysAMonth
  const watching = viewers * ASSUMED.peakShare
  const peakViewingsASecond = watching / (minutes * 60)
  const segments = Math.ceil((minutes * 60) / segmentSeconds) * tracks
  const isEdge = delivery === 'edge'

  const begins = PLAYLISTS_A_VIEWING + REDIRECTS_A_VIEWING
  const requestsAViewing = begins + (isEdge ? segments : 0)
  const peakRequestsASecond = peakViewingsASecond * requestsAViewing
  const isolates =
    ASSUMED.dataCentres * Math.ceil(peakRequestsASecond / ASSUMED.dataCentres / ASSUMED.requestsAnIsolate)

  const crowd = { films, popularity: ASSUMED.popularity }
  // The month's average, not its peak: most of the bill comes at quiet hours, when caches help less.
  const rate = viewers / 86_400
  const filmHitRate = hitRate({ ...crowd, rate, caches: isolates, seconds: FILM_FRESH_SECONDS })
  const kept = Math.min(ASSUMED.idleCacheSeconds, MEDIA_CACHE_SECONDS)
  const segmentHitRate = isEdge ? hitRate({ ...crowd, rate, caches: ASSUMED.dataCentres, seconds: kept }) : 0

  const coldPlaylists = PLAYLISTS_A_VIEWING * (1 - filmHitRate)
  const readsAViewing = coldPlaylists + segments * (1 - segmentHitRate)
  const reportsAViewing = isEdge ? Math.ceil((minutes * 60) / REPORT_SECONDS) * ASSUMED.isolatesAViewing : 0
  const rowsWritten =
    reportsAViewing === 0
      ? 0
      : PLAY_ROWS_WRITTEN.first +
        (reportsAViewing - 1) * PLAY_ROWS_WRITTEN.later +
        Math.floor((minutes * 60) / PLAY_SLOT.seconds) * PLAY_SLOT.rowsWritten +
        PLAY_ROWS_WRITTEN.removed +
        HOUR_ROWS_WRITTEN
  const peakReportsASecond = peakViewingsASecond * reportsAViewing
  const together = clamp((peakReportsASecond / isolates) * GATHER_SECONDS, 1, MAX_REPORTS_A_MESSAGE)
  const messagesAViewing = reportsAViewing / together

  const usage: Usage = {
    requests: viewings * requestsAViewing,
    cpuMs:
      viewings *
      (coldPlaylists * REQUEST_MS.coldPlaylist +
        (PLAYLISTS_A_VIEWING - coldPlaylists) * REQUEST_MS.hotPlaylist +
        REDIRECTS_A_VIEWING * REQUEST_MS.redirect +
        (isEdge ? REQUEST_MS.begin + segments * REQUEST_MS.segment : 0)),
    d1RowsRead: viewings * (coldPlaylists + REDIRECTS_A_VIEWING + reportsAViewing),
    d1RowsWritten: viewings * rowsWritten,
    r2Reads: viewings * readsAViewing,
    r2GigabyteMonths: (films * minutes * 60 * megabits * RENDITIONS) / 8000,
    queueOperations: viewings * messagesAViewing * 3,
  }

  const peakReadsASecond = peakViewingsASecond * (coldPlaylists + REDIRECTS_A_VIEWING)
  const limits = [
    {
      what: `D1: ${ASSUMED.d1StatementsASecond} statements a second of one database`,
      used: (peakReadsASecond + peakReportsASecond) / ASSUMED.d1StatementsASecond,
      remedy: isEdge
        ? 'report viewings less often, or leave the queue PLAYS out; then plays in a database of their own'
        : 'read replicas through Sessions; a data centre’s copy of thumbnails’ addresses',
    },
    {
      what: 'D1: 10 GB of one database, by 90 days of plays',
      used: isEdge ? (viewers * PLAY_RETENTION_DAYS * PLAY_BYTES) / DATABASE_BYTES : 0,
      remedy: 'keep plays for fewer days, as sums a film and day after that; a database a shard of workspaces',
    },
    {
      what: `this service: ${PLAYS_REMOVED_A_DAY} plays removed a day by its cron`,
      used: isEdge ? viewers / PLAYS_REMOVED_A_DAY : 0,
      remedy: 'have the cron take more of them in a run',
    },
    {
      what: `Queues: ${QUEUE_MESSAGES_A_SECOND} messages a second of one queue`,
      used: (peakViewingsASecond * messagesAViewing) / QUEUE_MESSAGES_A_SECOND,
      remedy: 'gather reports for longer; several queues, by session',
    },
  ]
  return {
    usage,
    viewerHours: (viewings * minutes) / 60,
    peakRequestsASecond,
    peakGigabitsASecond: (watching * megabits) / 1000,
    filmHitRate,
    segmentHitRate,
    d1RowsWrittenAMillionViewings: rowsWritten * 1e6,
    limits: limits.toSorted((one, other) => other.used - one.used),
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
