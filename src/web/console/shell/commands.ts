// What the palette can do: rooms add their own commands while they are open.
import { signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'

export interface Command {
  readonly id: string
  readonly title: string
  readonly run: () => void
}

export const commands = signal<ReadonlyMap<string, readonly Command[]>>(new Map())
export const isPaletteOpen = signal(false)

/** Commands of one part of the console, for as long as it is shown. `state`: what they depend on. */
export function useCommands(part: string, state: string, list: readonly Command[]): void {
  useLayoutEffect(() => {
    commands.value = new Map([...commands.peek(), [part, list]])
    return () => {
      const rest = new Map(commands.peek())
      rest.delete(part)
      commands.value = rest
    }
  }, [part, state])
}
