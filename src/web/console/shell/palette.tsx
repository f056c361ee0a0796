// The command palette: rooms, what the open room can do, and films by name. All by keyboard, and as fast as one types: it
// is part of the first script, and an Enter that comes before its match waits for it.
import { untracked, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { useLocation } from 'preact-iso/router'
import { useEffect, useId } from 'preact/hooks'
import { useModal } from '../parts/modal.ts'
import { filmPath, rooms } from '../rooms.ts'
import { signOut, useClient } from '../session.ts'
import { texts } from '../texts/texts.ts'
import { commands, isPaletteOpen, type Command } from './commands.ts'
import { attempt } from './toasts.tsx'

const FILMS = 6
const WAIT_MS = 150

interface Found {
  /** What was searched for; undefined until something was. */
  readonly text: string | undefined
  readonly films: readonly Command[]
}

export function Palette() {
  const t = texts.value.palette
  const client = useClient()
  const { route } = useLocation()
  const listId = useId()
  const dialog = useModal()
  const wanted = useSignal('')
  const found = useSignal<Found>({ text: undefined, films: [] })
  const chosen = useSignal(0)
  /** Enter was pressed while nothing matched yet. */
  const isAwaited = useSignal(false)
  const close = (): void => {
    isPaletteOpen.value = false
  }

  useEffect(() => {
    const text = wanted.value.trim()
    const controller = new AbortController()
    const timer = setTimeout(() => {
      const query = text === '' ? { limit: FILMS } : { q: text.slice(0, 255), limit: FILMS }
      client.listVideos(query, { signal: controller.signal }).then(
        (videos) => {
          const films = videos.map(({ job_id: jobId, name }) => ({
            id: jobId,
            title: name,
            run: () => route(filmPath(jobId)),
          }))
          found.value = { text, films }
        },
        // The palette works without films too.
        () => {
          if (!controller.signal.aborted) found.value = { text, films: [] }
        },
      )
    }, WAIT_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [wanted.value])

  const matches = useComputed<readonly Command[]>(() => {
    const text = wanted.value.trim()
    const words = text.toLowerCase().split(/\s+/)
    const hasWords = ({ title }: Command): boolean => words.every((word) => title.toLowerCase().includes(word))
    const everywhere: readonly Command[] = [
      ...rooms.map(({ id, path }) => ({ id, title: t.goTo(texts.value.rooms[id]), run: () => route(path) })),
      { id: 'reference', title: texts.value.account.reference, run: () => window.open('/docs', '_blank', 'noopener') },
      { id: 'sign-out', title: texts.value.account.signOut, run: () => void attempt(signOut) },
    ]
    const known = [...[...commands.value.values()].flat(), ...everywhere]
    // Films that another text found are no answer to this one, unless they bear its words.
    const films = found.value.text === text ? found.value.films : found.value.films.filter(hasWords)
    return [...known.filter(hasWords), ...films]
  })
  const isSearching = (): boolean => found.value.text !== wanted.value.trim()

  const run = (command: Command | undefined): void => {
    if (command === undefined) return
    close()
    command.run()
  }
  useSignalEffect(() => {
    const [first] = matches.value
    if (isAwaited.value && first !== undefined) untracked(() => run(first))
  })
  const move = (by: number): void => {
    const { length } = matches.value
    chosen.value = length === 0 ? 0 : (chosen.value + by + length) % length
    document.getElementById(`${listId}-${chosen.value}`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter') {
      if (matches.value.length === 0) isAwaited.value = true
      else run(matches.value[chosen.value])
    } else return
    event.preventDefault()
  }

  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={t.title}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) close()
      }}
    >
      <input
        role="combobox"
        aria-label={t.title}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={matches.value.length === 0 ? undefined : `${listId}-${chosen.value}`}
        placeholder={t.placeholder}
        autofocus
        spellcheck={false}
        value={wanted.value}
        onInput={(event) => {
          wanted.value = event.currentTarget.value
          chosen.value = 0
          isAwaited.value = false
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label={t.results}>
        {matches.value.map((command, index) => (
          <li
            key={command.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen.value}
            onClick={() => run(command)}
            onMouseMove={() => (chosen.value = index)}
          >
            {command.title}
          </li>
        ))}
      </ul>
      {matches.value.length === 0 && <p class="fine none">{isSearching() ? texts.value.loading : t.none}</p>}
    </dialog>
  )
}
