// One step that wrangler does, with the generated configuration: what it says is shown as it says it, indented.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { runWrangler } from '../wrangler.ts'
import type { Account } from './account.ts'
import type { Generated } from './configuration.ts'

export interface StepResult {
  readonly code: number
  /** Without colours. */
  readonly output: string
  /** Of a failure: wrangler's own sentence. */
  readonly reason: string
  /** What it reports to programs: entries of `WRANGLER_OUTPUT_FILE_PATH`. */
  readonly reports: readonly { readonly type?: string; readonly version_id?: string; readonly targets?: string[] }[]
}

export async function wranglerStep(
  account: Account,
  args: readonly string[],
  generated: Generated,
  show: (line: string) => void = showIndented,
): Promise<StepResult> {
  const reportFile = join(generated.privateFolder, `report-${Date.now()}.ndjson`)
  const { code, output } = await runWrangler([...args, '--config', generated.path], {
    env: {
      CLOUDFLARE_ACCOUNT_ID: account.id,
      WRANGLER_OUTPUT_FILE_PATH: reportFile,
      // The generated configuration has no environments.
      CLOUDFLARE_ENV: undefined,
    },
    onOutput: byLine(show),
  })
  const plain = stripVTControlCharacters(output)
  return { code, output: plain, reason: reasonIn(plain), reports: readReports(reportFile) }
}

function showIndented(line: string): void {
  if (line.trim() !== '') console.log(`    ${line}`)
}

function byLine(show: (line: string) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) show(line)
  }
}

/** What stands behind `[ERROR]`, up to the next paragraph but one: the request that failed, and why. */
function reasonIn(output: string): string {
  const [, after = ''] = /\[ERROR\]\s*([\s\S]*?)(?:\s*If you think this is a bug|$)/.exec(output) ?? []
  const paragraphs = after.split(/\n\s*\n/).map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
  return (
    paragraphs
      .filter((paragraph) => paragraph !== '')
      .slice(0, 2)
      .join(' ') || 'wrangler gave no reason'
  )
}

function readReports(file: string): StepResult['reports'] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as StepResult['reports'][number])
  } catch {
    return []
  }
}
