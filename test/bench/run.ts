// npm run bench [name …]: measures inside workerd, prints the tables and writes dist/bench.json.
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { buildSigner } from '../../src/cli/build/signer-build.ts'
import { coldBench } from './rows/cold.ts'
import { gateBench } from './rows/gate.ts'
import { memoryBench } from './rows/memory.ts'
import { meBench } from './rows/me.ts'
import { requestBench } from './rows/requests.ts'
import { rewriteBench } from './rows/rewrite.ts'
import { sessionBench } from './rows/sessions.ts'
import { uploadBench } from './rows/upload.ts'
import { toMarkdown, type Bench, type RowGroup } from './table.ts'

const BENCHES: readonly Bench[] = [
  rewriteBench,
  coldBench,
  memoryBench,
  requestBench,
  sessionBench,
  meBench,
  gateBench,
  uploadBench,
]

const wanted = process.argv.slice(2)
await buildSigner()
const groups: RowGroup[] = []
for (const bench of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue
  for (const group of await bench.run()) {
    console.log(`${toMarkdown(group)}\n`)
    groups.push(group)
  }
}
const machine = { cores: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version }
await mkdir('dist', { recursive: true })
await writeFile('dist/bench.json', `${JSON.stringify({ at: new Date().toISOString(), machine, groups }, null, 2)}\n`)
