// Stretches of a film that were delivered, joined where they meet: how much of it is new. Pure.

/** In milliseconds of the film, in order, none touching another. */
export type Spans = (readonly [from: number, to: number])[]

/** Rounded lengths of neighbours leave a gap or an overlap of that much. */
const SLACK_MS = 60
/** A viewer who jumps more often has the smallest gap counted as seen. */
const MAX_SPANS = 48

/** Adds a stretch in place; says how many milliseconds of it were not in there. */
export function addSpan(spans: Spans, from: number, to: number): number {
  if (!(to > from)) return 0
  let isNew = to - from
  let low = from
  let high = to
  const kept: Spans = []
  for (const span of spans) {
    const [start, end] = span
    if (end < from - SLACK_MS || start > to + SLACK_MS) {
      kept.push(span)
      continue
    }
    isNew -= Math.max(0, Math.min(end, to) - Math.max(start, from))
    low = Math.min(low, start)
    high = Math.max(high, end)
  }
  kept.push([low, high])
  kept.sort(([one], [other]) => one - other)
  if (kept.length > MAX_SPANS) joinNearest(kept)
  spans.splice(0, spans.length, ...kept)
  return Math.max(0, Math.round(isNew))
}

function joinNearest(spans: Spans): void {
  let at = 1
  let least = Number.POSITIVE_INFINITY
  for (const [index, [start]] of spans.entries()) {
    const gap = start - (spans[index - 1]?.[1] ?? Number.NEGATIVE_INFINITY)
    if (gap < least) {
      least = gap
      at = index
    }
  }
  const [before, after] = [spans[at - 1], spans[at]]
  if (before !== undefined && after !== undefined) spans.splice(at - 1, 2, [before[0], after[1]])
}
