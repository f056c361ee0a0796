// Films that an earlier page of this browser began and did not finish: their files are needed to go on.
import type { Client } from '../../client/client.ts'
import { createBegunFilms } from './begun-films.ts'
import { identityOf } from './identify.ts'
import { openJournal } from './journal.ts'

export interface UnfinishedFilm {
  readonly key: string
  readonly jobId: string
  readonly fileName: string
  readonly fileBytes: number
}

export interface UnfinishedFilms {
  list(): Promise<readonly UnfinishedFilm[]>
  /** Removes what was sent of it. */
  forget(key: string): Promise<void>
}

export function openUnfinished(client: Client): UnfinishedFilms {
  const begun = createBegunFilms({ client, journal: openJournal() })
  return {
    async list() {
      return (await begun.unfinished()).flatMap(({ key, jobId }) => {
        const identity = identityOf(key.slice(key.indexOf(' ') + 1))
        return identity === undefined ? [] : [{ key, jobId, ...identity }]
      })
    },
    forget: (key) => begun.forget(key),
  }
}
