// How often a cache that keeps things for a fixed time has what is asked for: by formula, and by a simulation that knows
// nothing of the formula. No clock and no randomness of its own.

export interface CacheLoad {
  readonly films: number
  /** Exponent of Zipf's law. */
  readonly popularity: number
  /** Viewings a second that begin in front of all caches together. */
  readonly rate: number
  /** Caches that share the viewings evenly and know nothing of each other: data centres, isolates. */
  readonly caches: number
  /** Seconds from filling to forgetting; being asked again prolongs nothing. */
  readonly seconds: number
}

/** Each film's share of the viewings, most watched first; they add up to 1. */
export function shares(films: number, popularity: number): Float64Array {
  const weights = Float64Array.from({ length: films }, (_, rank) => (rank + 1) ** -popularity)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/**
 * The share of requests, 0 to 1, that a cache answers. Requests for one film come as a Poisson process of rate λ; after
 * each miss λT requests are hits on average, so 1 of 1 + λT misses. The pieces of a film are asked for at the same
 * rate as its beginning, only later: what holds for it holds for them.
 */
export function hitRate({ films, popularity, rate, caches, seconds }: CacheLoad): number {
  const expected = (rate / caches) * seconds
  return shares(films, popularity).reduce((sum, share) => sum + share * (1 - 1 / (1 + share * expected)), 0)
}

/**
 * The same by playing it: viewings arrive one by one, pick a film by its popularity and a cache by chance. The first
 * tenth warms the caches and is not counted. `random` gives numbers in [0, 1).
 */
export function simulatedHitRate(load: CacheLoad, viewings: number, random: () => number): number {
  let sum = 0
  const upTo = shares(load.films, load.popularity).map((share) => (sum += share))
  const forgottenAt = new Map<number, number>()
  const warm = viewings / 10
  let nowSeconds = 0
  let hits = 0
  for (let viewing = 0; viewing < viewings; viewing++) {
    nowSeconds += -Math.log(1 - random()) / load.rate
    const film = firstAbove(upTo, random())
    const place = Math.floor(random() * load.caches) * load.films + film
    if ((forgottenAt.get(place) ?? Number.NEGATIVE_INFINITY) > nowSeconds) hits += viewing >= warm ? 1 : 0
    else forgottenAt.set(place, nowSeconds + load.seconds)
  }
  return hits / (viewings - warm)
}

/** The first index whose value is above this one; the last if none is. */
function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 1) > value) high = middle
    else low = middle + 1
  }
  return low
}
