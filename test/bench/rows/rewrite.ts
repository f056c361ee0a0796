// The whole rewrite in a warm isolate: ours against what people use, on playlists of several lengths.
import { interleave } from '../measure.ts'
import { mixed, oneFolder } from '../playlists.ts'
import { bundleCases, start, type Runtime } from '../runtime.ts'
import type { Bench, RowGroup } from '../table.ts'

/** Each in a workerd of its own, so that none pays for another's garbage; the last one measures the noise. */
const WAYS = ['aws4fetch', 'aws-sdk', 'subtle', 'ours', 'signatures', 'ours']
const NAMES: Readonly<Record<string, string>> = { signatures: 'our signatures alone' }
const ROUNDS = 9
const BLOCK_MS = 100
const PLAYLISTS = [
  { title: 'one folder', make: oneFolder, sizes: [100, 1200, 10_000] },
  { title: 'mixed', make: mixed, sizes: [1200] },
]

/** As the table calls it. */
function nameOf(way: string): string {
  return NAMES[way] ?? way
}

export const rewriteBench: Bench = {
  name: 'rewrite',
  async run() {
    const groups: RowGroup[] = []
    // One after another: the newest process is taken for the one just started.
    const runtimes: Runtime[] = []
    for (const way of WAYS) runtimes.push(await start(await bundleCases([way])))
    for (const { title, make, sizes } of PLAYLISTS) {
      for (const segments of sizes) {
        const playlist = make(segments)
        const bytes: number[] = []
        const cases = runtimes.map((runtime, index) => ({
          name: index === WAYS.length - 1 ? 'ours again' : nameOf(WAYS[index] ?? ''),
          clockMs: runtime.clockMs,
          async run(times: number) {
            const answer = await runtime.send(`/${WAYS[index]}?times=${times}`)
            if (answer.status !== 200) throw new Error(`${WAYS[index]}: ${answer.status} ${answer.body.toString()}`)
            bytes[index] = Number(answer.body.toString())
          },
        }))
        for (const runtime of runtimes) await runtime.send('/', { method: 'POST', body: playlist })
        const timings = await interleave(cases, ROUNDS, BLOCK_MS)
        groups.push({
          title: `Rewriting ${segments.toLocaleString('en')} segments, ${title}`,
          note: 'Warm isolates, the whole rewrite, processor time of workerd. The last row is ours once more: what it differs by is the noise.',
          columns: ['way', 'µs a segment', 'ms a playlist', 'kB', '× aws4fetch'],
          rows: timings.map(({ name, microseconds, timesFaster }, index) => [
            name,
            microseconds / segments,
            microseconds / 1000,
            Math.round((bytes[index] ?? 0) / 1000),
            timesFaster,
          ]),
        })
      }
    }
    for (const runtime of runtimes) await runtime.stop()
    return groups
  },
}
