// The films on their way: the packager is loaded with the first one, and what it says becomes a signal.
import { computed, signal } from '@preact/signals'
import { strayingSubtitles } from '../../packager/dropped-files.ts'
import type { FilmUpload } from '../../packager/film-upload.ts'
import type { Uploads } from '../../packager/uploads.ts'
import { session, useClient } from '../session.ts'
import { notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { renewThumbnail } from '../videos/thumbnail.tsx'
import { noteArrival } from '../videos/current-list.ts'

export const films = signal<readonly FilmUpload[]>([])
export const isPanelOpen = signal(true)

const UNDER_WAY: ReadonlySet<FilmUpload['stage']> = new Set(['waiting', 'reading', 'packaging', 'encoding', 'sending'])

export const underWay = computed(() => films.value.filter(({ stage }) => UNDER_WAY.has(stage)).length)

let uploads: Uploads | undefined
let owner: unknown
/** Videos of this session that the list was told of, in the state it was told. */
const told = new Set<string>()

/** Rejects when the packager cannot be loaded. */
export async function uploadFilms(files: readonly File[]): Promise<void> {
  const straying = strayingSubtitles(files)
  if (straying.length > 0) notify(texts.value.uploads.noFilm(straying.join(', ')))
  if (files.length === straying.length) return
  const client = useClient()
  if (uploads === undefined || owner !== client) {
    const { createUploads } = await import('../../packager/uploads.ts')
    const made = createUploads({ client })
    made.subscribe(() => {
      if (owner !== client) return
      films.value = made.films()
      for (const film of made.films()) tellList(film)
    })
    uploads = made
    owner = client
  }
  isPanelOpen.value = true
  uploads.add(files)
}

/** What the panel's buttons do. */
export function act(deed: 'pause' | 'resume' | 'cancel' | 'uploadOriginal' | 'dismiss', id: string): void {
  uploads?.[deed](id)
}

// Who signs out takes nothing along: what is on its way ends, and goes on when the same film is dropped again.
session.subscribe((now) => {
  if (now !== undefined && now.client === owner) return
  for (const { id } of films.peek()) uploads?.pause(id)
  uploads = undefined
  owner = undefined
  films.value = []
})

function tellList({ jobId, stage, isPlayable }: FilmUpload): void {
  if (jobId === undefined || (!isPlayable && stage !== 'done')) return
  const state = `${jobId} ${stage === 'done'}`
  if (told.has(state)) return
  told.add(state)
  // Its picture comes after the stream.
  if (stage === 'done') renewThumbnail(jobId)
  useClient()
    .getVideo({ job_id: jobId })
    .then(noteArrival, () => told.delete(state))
}
