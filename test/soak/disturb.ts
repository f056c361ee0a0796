// The weather of a soak: calm, then one thing at a time that goes wrong, in turn.
import { setTimeout } from 'node:timers/promises'
import { NO_FAULTS, type Faults } from './faults.ts'
import type { Disturbance } from './weather.ts'
import type { World } from './world.ts'

const CALM_MS = 25_000
const SPELL_MS = 8_000
const CRON_MS = 5_000

interface Spell {
  readonly what: string
  readonly kind: Disturbance
  begin(world: World): Promise<void>
  end(world: World): Promise<void>
}

const store = (what: string, faults: Partial<Faults>, kind: Disturbance = 'store'): Spell => ({
  what,
  kind,
  begin: ({ service }) => service.tell({ ...NO_FAULTS, ...faults }),
  end: ({ service }) => service.tell(NO_FAULTS),
})

const mood = (what: string, who: 'engine' | 'issuer', now: World['engine']['mood']): Spell => ({
  what,
  kind: who,
  begin: async (world) => void (world[who].mood = now),
  end: async (world) => void (world[who].mood = 'well'),
})

const SPELLS: readonly Spell[] = [
  store('one store call in twenty is refused', { refused: 0.05 }),
  mood('the engine answers 503', 'engine', 'busy'),
  {
    what: 'the process is killed and started again',
    kind: 'killed',
    begin: ({ service }) => service.killAndStart(),
    end: async () => undefined,
  },
  store('one store call in twenty is done and its answer lost', { lost: 0.05 }),
  mood('the engine is away', 'engine', 'away'),
  store('the clock is 45 s fast', { clockMs: 45_000 }, 'clock'),
  {
    what: 'the receiver of events is away',
    kind: 'receiver',
    begin: async ({ receiver }) => void (receiver.isAway = true),
    end: async ({ receiver }) => void (receiver.isAway = false),
  },
  store('one store call in a hundred is never answered', { stalled: 0.01 }),
  mood('the engine’s answers are lost', 'engine', 'loses answers'),
  mood('the issuer is away', 'issuer', 'away'),
  store('the clock is 45 s slow', { clockMs: -45_000 }, 'clock'),
  mood('the engine takes a quarter of a minute', 'engine', 'slow'),
]

export async function disturb(world: World, say: (sentence: string) => void): Promise<void> {
  await setTimeout(CALM_MS)
  for (let i = 0; !world.isOver(); i++) {
    const spell = SPELLS[i % SPELLS.length]
    if (spell === undefined) return
    say(spell.what)
    const over = world.weather.begin(spell.kind)
    await spell.begin(world)
    await setTimeout(SPELL_MS)
    await spell.end(world)
    over()
    await setTimeout(CALM_MS)
  }
}

/** Cloudflare fires it every five minutes; here it comes more often, so that an hour is like a day. */
export async function fireCron(world: World, finished: AbortSignal): Promise<void> {
  while (!finished.aborted) {
    await setTimeout(CRON_MS)
    // While it is killed nobody hears it, as nobody would.
    await world.service.fireCron().catch(() => undefined)
  }
}
