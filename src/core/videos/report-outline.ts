// Any JSON → what a page can show of it: sections, properties, tables, lists and moments of the film. Pure. Nothing is
// taken for markup, and however deep or long the file is, the outline is bounded.

import { isRecord, type JsonShape } from '../json.ts'

export type Value =
  | { readonly kind: 'text'; readonly text: string }
  /** A moment of the film. */
  | { readonly kind: 'time'; readonly seconds: number }

export type Block =
  | { readonly kind: 'section'; readonly title: string; readonly blocks: readonly Block[] }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'properties'; readonly properties: readonly { readonly name: string; readonly value: Value }[] }
  /** `omitted`: rows that are not shown. */
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: Value[][]; readonly omitted: number }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly omitted: number }

const MAX_DEPTH = 6
const MAX_ROWS = 500
const MAX_COLUMNS = 12
const MAX_MEMBERS = 100
const MAX_TEXT_CHARS = 5000
/** Values in a whole outline: what is beyond is left out. */
const MAX_VALUES = 10_000
/** Objects and arrays, and members of objects, in a whole file: parsing more costs a page tens of milliseconds. */
const MAX_PARSED = 100_000
/** Text of this length reads better as a paragraph than beside its name. */
const PARAGRAPH_CHARS = 120

const TIME_NAME =
  /(?:^|_)(?:time|timestamp|start|end|at|from|to|begin|offset|seconds|position)(?:_(?:time|seconds|sec|s))?$/
const LENGTH_NAME = /duration|length|elapsed|processing|total|interval|latency/
const CLOCK = /^(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d(?:\.\d{1,3})?)$/

interface Budget {
  values: number
}

/** The outline of a checked JSON text; undefined when it says more than is parsed for a page. */
export function outlineJson(text: string, shape: JsonShape): readonly Block[] | undefined {
  if (!isParsable(shape)) return undefined
  return outlineReport(JSON.parse(text))
}

/** Whether parsing it is within what one request may cost. */
export function isParsable({ containers, members }: JsonShape): boolean {
  return containers <= MAX_PARSED && members <= MAX_PARSED
}

/** The outline of a parsed JSON document; empty when there is nothing to show. Recursion stops at a fixed depth. */
export function outlineReport(document: unknown): readonly Block[] {
  return outline(document, 0, { values: MAX_VALUES })
}

function outline(value: unknown, depth: number, budget: Budget): readonly Block[] {
  if (depth > MAX_DEPTH || budget.values <= 0) return []
  if (Array.isArray(value)) return outlineArray(value, depth, budget)
  if (isRecord(value)) return outlineObject(value, depth, budget)
  const text = showScalar(value)
  return text === '' ? [] : [{ kind: 'paragraph', text }]
}

/** Short values first, as properties; then what has a shape of its own, each under its name. */
function outlineObject(object: Readonly<Record<string, unknown>>, depth: number, budget: Budget): readonly Block[] {
  const members = Object.entries(object).slice(0, MAX_MEMBERS)
  const properties: { name: string; value: Value }[] = []
  const sections: Block[] = []
  for (const [name, value] of members) {
    if (isShort(value)) {
      if (spend(budget)) properties.push({ name: toTitle(name), value: toValue(name, value) })
      continue
    }
    const blocks = outline(value, depth + 1, budget)
    if (blocks.length > 0) sections.push({ kind: 'section', title: toTitle(name), blocks })
  }
  return properties.length === 0 ? sections : [{ kind: 'properties', properties }, ...sections]
}

function outlineArray(array: readonly unknown[], depth: number, budget: Budget): readonly Block[] {
  if (array.length === 0) return []
  if (array.every(isShort)) {
    const items = array.slice(0, MAX_ROWS).filter(() => spend(budget))
    return [{ kind: 'list', items: items.map((item) => toValue('', item)), omitted: array.length - items.length }]
  }
  if (array.every(isRow)) return [toTable(array, budget)]
  const shown = array.slice(0, MAX_MEMBERS)
  return shown.flatMap((item, index): readonly Block[] => {
    const blocks = outline(item, depth + 1, budget)
    return blocks.length === 0 ? [] : [{ kind: 'section', title: `${index + 1}`, blocks }]
  })
}

function toTable(rows: readonly Readonly<Record<string, unknown>>[], budget: Budget): Block {
  const names = [...new Set(rows.slice(0, MAX_ROWS).flatMap((row) => Object.keys(row)))].slice(0, MAX_COLUMNS)
  const shown = rows.slice(0, MAX_ROWS).filter(() => spend(budget, names.length))
  return {
    kind: 'table',
    columns: names.map(toTitle),
    rows: shown.map((row) => names.map((name) => toValue(name, row[name]))),
    omitted: rows.length - shown.length,
  }
}

function spend(budget: Budget, count = 1): boolean {
  if (budget.values < count) return false
  budget.values -= count
  return true
}

/** A number is a moment only under a name that says so; `1:02:03` says so itself. */
function toValue(name: string, value: unknown): Value {
  const key = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  const isMoment = TIME_NAME.test(key) && !LENGTH_NAME.test(key)
  if (typeof value === 'number' && isMoment && value >= 0 && value < 360_000) return { kind: 'time', seconds: value }
  const clock = typeof value === 'string' && !LENGTH_NAME.test(key) ? CLOCK.exec(value.trim()) : null
  if (clock !== null) {
    const [, hours = '0', minutes = '0', seconds = '0'] = clock
    return { kind: 'time', seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) }
  }
  return { kind: 'text', text: showScalar(value) }
}

function showScalar(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000)
  if (typeof value !== 'string') return Array.isArray(value) ? value.map(showScalar).join(', ') : ''
  return value.length > MAX_TEXT_CHARS ? `${value.slice(0, MAX_TEXT_CHARS)} …` : value
}

/** Fits beside its name or into a cell. */
function isShort(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= PARAGRAPH_CHARS : typeof value !== 'object' || value === null
}

/** A cell may hold a list of words, but no shape of its own. */
function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isRecord(value) &&
    Object.values(value).every((cell) => !isRecord(cell) && (!Array.isArray(cell) || cell.every(isShort)))
  )
}

/** `scene_changes`, `sceneChanges` → `Scene changes`. */
function toTitle(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_\-\s]+/g, ' ')
    .trim()
    .slice(0, PARAGRAPH_CHARS)
  return words === '' ? '–' : words.charAt(0).toUpperCase() + words.slice(1)
}
