// A film as playback needs it, with the key that a token names: read together, and remembered for seconds, so that a
// segment costs no I/O. What ends here is forgotten here at once.
import { createBoundedMap } from '../../core/bounded-map.ts'
import { Fault } from '../../core/fault.ts'
import { parseUuid } from '../../core/uuid.ts'
import type { AdmittingKey } from './admission.ts'
import type { ForgottenStreams } from './forgotten-streams.ts'
import type { PlayableVideo } from './playback.ts'

export interface Film {
  readonly video: PlayableVideo
  /** Of the video's owner, by `kid`; undefined without one, or when it is deleted. */
  readonly key: AdmittingKey | undefined
}

export interface FilmStore {
  /** One read. */
  findFilm(jobId: string, kid: string | undefined): Promise<Film | undefined>
}

export interface Films {
  /** 404 when there is none or playback is off. `maxAgeMs`: how old an answer out of memory may be, by what it says. */
  find(jobId: string, kid: string | undefined, maxAgeMs: (video: PlayableVideo) => number): Promise<Film>
}

const MAX_FILMS = 2000

interface Known {
  readonly film: Film
  readonly readAtMs: number
  /** Before it was read: what ended here later is not in it. */
  readonly since: ReturnType<ForgottenStreams['moment']>
}

export function films(deps: {
  readonly filmStore: FilmStore
  readonly forgottenStreams: Pick<ForgottenStreams, 'moment' | 'isForgotten'>
  readonly nowMs: () => number
}): Films {
  const known = createBoundedMap<string, Known>(MAX_FILMS)
  return {
    async find(jobId, kid, maxAgeMs) {
      const id = parseUuid(jobId)
      if (id === undefined) throw new Fault('not_found', 'Video not found')
      const name = `${id} ${kid ?? ''}`
      const entry = known.get(name)
      const readAtMs = deps.nowMs()
      const isFresh =
        entry !== undefined && readAtMs - entry.readAtMs < maxAgeMs(entry.film.video) && readAtMs >= entry.readAtMs
      if (isFresh && !deps.forgottenStreams.isForgotten(id, entry.since)) return entry.film
      const since = deps.forgottenStreams.moment()
      const film = await deps.filmStore.findFilm(id, kid)
      if (film === undefined || film.video.playback === 'off') throw new Fault('not_found', 'Video not found')
      if (!deps.forgottenStreams.isForgotten(id, since)) known.set(name, { film, readAtMs, since })
      return film
    },
  }
}
