// The table of the README that says which player plays which packaging, made of what was seen.
import { PACKAGINGS } from './packagings.ts'

const BEGIN = '<!-- players:begin -->'
const END = '<!-- players:end -->'

export const COLUMNS = ['hls.js', 'Video.js', 'Shaka', '<video>', 'ffmpeg'] as const
export type Column = (typeof COLUMNS)[number]

/** What one player did with one packaging. */
export type Outcome = 'all' | 'plays' | 'none'

const SYMBOL: Readonly<Record<Outcome, string>> = { all: '✓', plays: 'plays', none: '–' }

export interface Outcomes {
  /** `place` tells viewings of one cell apart: a cell stands only when every place was seen. */
  record(column: Column, packaging: string, place: string, outcome: Outcome): void
  /** One line a packaging; ✗ where something was not seen to work. */
  rows(): string[]
}

export function collectOutcomes(placesOf: (column: Column) => readonly string[]): Outcomes {
  const seen = new Map<string, Outcome>()
  const keyOf = (...parts: readonly string[]): string => parts.join('\n')
  const cell = (column: Column, packaging: string): string => {
    const outcomes = placesOf(column).map((place) => seen.get(keyOf(column, packaging, place)))
    const [first] = outcomes
    return first === undefined || outcomes.some((outcome) => outcome !== first) ? '✗' : SYMBOL[first]
  }
  return {
    record(column, packaging, place, outcome) {
      seen.set(keyOf(column, packaging, place), outcome)
    },
    rows: () =>
      PACKAGINGS.map(({ title }) => `| ${[title, ...COLUMNS.map((column) => cell(column, title))].join(' | ')} |`),
  }
}

/** The README with the table between its markers replaced. */
export function putTable(readme: string, rows: readonly string[]): string {
  const [before, rest] = readme.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error('README.md has lost the markers of its table')
  const head = [`| packaging | ${COLUMNS.map((name) => name.replace(/^<(.+)>$/, '`<$1>`')).join(' | ')} |`]
  const rule = `|${'---|'.repeat(COLUMNS.length + 1)}`
  return `${before}${BEGIN}\n${[...head, rule, ...rows].join('\n')}\n${END}${after}`
}
