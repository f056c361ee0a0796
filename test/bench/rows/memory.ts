// What a long playlist takes of an isolate's memory, at its highest, over a workerd that has answered nothing yet.
import { oneFolder } from '../playlists.ts'
import { residentBytes, resetHighest } from '../process-info.ts'
import { bundleCases, start } from '../runtime.ts'
import type { Bench } from '../table.ts'

const WAYS = ['aws4fetch', 'aws-sdk', 'subtle', 'ours']
const SIZES = [10_000, 80_000]

export const memoryBench: Bench = {
  name: 'memory',
  async run() {
    const rows: (string | number)[][] = []
    for (const way of WAYS) {
      const script = await bundleCases([way])
      const row: (string | number)[] = [way]
      for (const segments of SIZES) {
        const runtime = await start(script)
        if (runtime.pid === undefined) return []
        await runtime.send('/', { method: 'POST', body: shortNames(segments) })
        const idle = residentBytes(runtime.pid).now
        await resetHighest(runtime.pid)
        const answer = await runtime.send(`/${way}`).catch(() => undefined)
        const highest = residentBytes(runtime.pid).highest
        row.push(answer?.status === 200 ? Math.round((highest - idle) / 1e6) : 'dies')
        await runtime.stop()
      }
      rows.push(row)
    }
    return [
      {
        title: 'Memory of one long playlist',
        note: 'Highest resident memory of workerd while it rewrites, over idle, in MB. 80,000 segments are 1.9 MiB.',
        columns: ['way', ...SIZES.map((segments) => `${segments.toLocaleString('en')} segments`)],
        rows,
      },
    ]
  },
}

/** So that 80,000 of them stay below the 2 MiB that a playlist may have. */
function shortNames(segments: number): string {
  return segments <= 10_000
    ? oneFolder(segments)
    : oneFolder(segments).replaceAll('6.006', '6').replaceAll('segment-', 's')
}
