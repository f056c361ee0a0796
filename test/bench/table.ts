// What one run found, as a table for people and as JSON for machines.

export interface RowGroup {
  readonly title: string
  /** What a reader must know to trust the numbers; one sentence. */
  readonly note: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** One group of rows; a name on the command line picks it. */
export interface Bench {
  readonly name: string
  readonly run: () => Promise<readonly RowGroup[]>
}

/** A Markdown table under its title. */
export function toMarkdown({ title, note, columns, rows }: RowGroup): string {
  const lines = [
    `### ${title}`,
    '',
    note,
    '',
    `| ${columns.join(' | ')} |`,
    `|${columns.map((_, index) => (index === 0 ? '---' : '---:')).join('|')}|`,
    ...rows.map((row) => `| ${row.map(shown).join(' | ')} |`),
  ]
  return lines.join('\n')
}

function shown(value: string | number): string {
  if (typeof value === 'string') return value
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value) || value >= 100) return Math.round(value).toLocaleString('en')
  return value.toPrecision(value >= 1 ? 3 : 2)
}
