// Something that is asked for when it is shown, and again when somebody wants it.
import { useSignal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'ready'; readonly value: T }

export interface Loading<T> {
  readonly loaded: ReadonlySignal<Loaded<T>>
  /** Asks again; what is shown stays until the answer is there. */
  readonly reload: () => Promise<void>
  /** Puts a value in, such as what a change answered. */
  readonly set: (value: T) => void
}

/** `key`: what the question is about; another one is another question. */
export function useLoading<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const loaded = useSignal<Loaded<T>>({ state: 'loading' })
  const running = useRef<AbortController>(undefined)
  const load = async (): Promise<void> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    try {
      const value = await ask(controller.signal)
      if (!controller.signal.aborted) loaded.value = { state: 'ready', value }
    } catch (error) {
      if (!controller.signal.aborted) loaded.value = { state: 'failed', error }
    }
  }
  useEffect(() => {
    loaded.value = { state: 'loading' }
    void load()
    return () => running.current?.abort()
  }, [key])
  return {
    loaded,
    reload: load,
    set: (value) => {
      running.current?.abort()
      loaded.value = { state: 'ready', value }
    },
  }
}
