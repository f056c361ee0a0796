// Films that were begun before this page was loaded: they go on when the same file is dropped again, or are forgotten.
import { signal, useSignal } from '@preact/signals'
import type { Client } from '../../../client/client.ts'
import type { UnfinishedFilm, UnfinishedFilms } from '../../packager/unfinished.ts'
import { Confirm } from '../parts/confirm.tsx'
import { formatBytes } from '../parts/format.ts'
import { session } from '../session.ts'
import { notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { noteDeletion } from '../videos/current-list.ts'
import { films } from './uploads-state.ts'

export const unfinished = signal<readonly UnfinishedFilm[]>([])
let source: UnfinishedFilms | undefined

// What this page goes on with stands in its own list, and is not unfinished any more when it was cancelled there.
films.subscribe((list) => {
  const own = new Set(list.map(({ jobId }) => jobId))
  const others = unfinished.peek().filter(({ jobId }) => !own.has(jobId))
  if (others.length < unfinished.peek().length) unfinished.value = others
})

// Nothing waits for it, and a browser that keeps nothing has nothing to show.
session.subscribe((now) => {
  unfinished.value = []
  source = undefined
  if (now !== undefined) void look(now.client).catch(() => undefined)
})

async function look(client: Client): Promise<void> {
  const { openUnfinished } = await import('../../packager/unfinished.ts')
  const made = openUnfinished(client)
  const list = await made.list()
  if (session.peek()?.client !== client) return
  source = made
  unfinished.value = list
}

async function forget({ key, jobId }: UnfinishedFilm): Promise<void> {
  await source?.forget(key)
  unfinished.value = unfinished.value.filter((one) => one.key !== key)
  noteDeletion(jobId)
}

export function UnfinishedRow({ film }: { film: UnfinishedFilm }) {
  const t = texts.value.uploads
  const isAsking = useSignal(false)
  const { fileName, fileBytes } = film
  return (
    <li>
      <div>
        <p class="strong name" title={fileName}>
          {fileName}
        </p>
        <p class="fine">{t.unfinished(formatBytes(fileBytes))}</p>
      </div>
      <div class="actions">
        <button
          type="button"
          class="button quiet"
          aria-label={t.of(t.forget, fileName)}
          onClick={() => (isAsking.value = true)}
        >
          {t.forget}
        </button>
      </div>
      {isAsking.value && (
        <Confirm
          title={t.forgetTitle(fileName)}
          action={t.forget}
          onConfirm={async () => {
            await forget(film)
            notify(t.forgotten(fileName))
          }}
          onClose={() => (isAsking.value = false)}
        >
          <p>{t.forgetHint}</p>
        </Confirm>
      )}
    </li>
  )
}
