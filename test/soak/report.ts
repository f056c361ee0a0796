// Prints what a soak found, as tables of Markdown.
import type { Check } from './checks.ts'
import type { MeterReport } from './meter.ts'

const MEMORY_ROWS = 10
const SHOWN_BROKEN = 5

export function printReport({ calls, excused, wrong, times }: MeterReport, checks: readonly Check[]): void {
  console.log(
    `\n${calls} calls.\n\n| call, undisturbed | times | p50, ms | p95, ms | p99, ms |\n|---|---:|---:|---:|---:|`,
  )
  for (const [name, { calls: count, p50, p95, p99 }] of [...times].toSorted(([a], [b]) => a.localeCompare(b))) {
    console.log(`| ${[name, count, ...[p50, p95, p99].map((ms) => ms.toFixed(1))].join(' | ')} |`)
  }
  console.log('\n| failed, as it may | times |\n|---|---:|')
  for (const [cause, count] of excused) console.log(`| ${cause} | ${count} |`)
  console.log(`\n${wrong.size === 0 ? 'No wrong answer.' : 'Wrong:'}`)
  for (const [sentence, count] of wrong) console.log(`- ${count} × ${sentence}`)
  console.log()
  for (const { what, broken } of checks) {
    console.log(`${broken.length === 0 ? 'ok ' : 'BAD'} ${what}`)
    for (const sentence of broken.slice(0, SHOWN_BROKEN)) console.log(`      ${sentence}`)
    if (broken.length > SHOWN_BROKEN) console.log(`      and ${broken.length - SHOWN_BROKEN} more`)
  }
}

/** Resident memory of workerd; a kill begins anew. */
export function memoryTable(samples: readonly { readonly seconds: number; readonly bytes: number }[]): string {
  const every = Math.max(1, Math.floor(samples.length / MEMORY_ROWS))
  const rows = samples.filter((_sample, index) => index % every === 0)
  const lines = rows.map(({ seconds, bytes }) => `| ${(seconds / 60).toFixed(1)} | ${(bytes / 1e6).toFixed(0)} |`)
  return ['', '| minute | memory, MB |', '|---:|---:|', ...lines].join('\n')
}
