// An actor does one thing again and again until the soak is over.
import { setTimeout } from 'node:timers/promises'
import type { World } from '../world.ts'

export type Actor = (world: World) => Promise<void>

/** Between two rounds of an actor, at most. */
const REST_MS = 250

export async function repeat(world: World, round: () => Promise<void>): Promise<void> {
  while (!world.isOver()) {
    await round()
    await setTimeout(Math.random() * REST_MS)
  }
}

export function oneOf<T>(values: readonly T[]): T | undefined {
  return values[Math.floor(Math.random() * values.length)]
}
