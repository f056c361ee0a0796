// The whole rewrite in a warm isolate: ours against what people use, on playlists of several lengths.
import { interleave } from '../measure.ts'
import { mixed, oneFolder } from '../playlists.ts'
import { bundleCases, start } from '../runtime.ts'
import type { Bench, RowGroup } from '../table.ts'

const NAMES = ['aws4fetch', 'aws-sdk', 'subtle', 'ours', 'ours again']
const ROUNDS = 9
const BLOCK_MS = 80

export const rewriteBench: Bench = {
  name: 'rewrite',
  async run() {
    const groups: RowGroup[] = []
    const script = await bundleCases(['aws4fetch', 'aws-sdk', 'subtle', 'ours'])
    const playlists = [
      { title: 'one folder', make: oneFolder, sizes: [100, 1200, 10_000] },
      { title: 'mixed', make: mixed, sizes: [1200] },
    ]
    for (const { title, make, sizes } of playlists) {
      for (const segments of sizes) {
        const runtime = await start(script)
        await runtime.send('/', { method: 'POST', body: make(segments) })
        let bytes = 0
        const cases = NAMES.map((name) => ({
          name,
          async run(times: number) {
            const answer = await runtime.send(`/${name.replace(' again', '')}?times=${times}`)
            if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.body.toString()}`)
            if (name === 'ours') bytes = Number(answer.body.toString())
          },
        }))
        const timings = await interleave(cases, ROUNDS, BLOCK_MS, runtime.clockMs)
        await runtime.stop()
        groups.push({
          title: `Rewriting ${segments.toLocaleString('en')} segments, ${title}`,
          note: `Warm isolate, the whole rewrite, processor time of workerd; the answer has ${Math.round(bytes / 1000)} kB. The last row is ours once more: its difference is the noise.`,
          columns: ['way', 'µs a segment', 'ms a playlist', '× aws4fetch'],
          rows: timings.map(({ name, microseconds, timesFaster }) => [
            name,
            microseconds / segments,
            microseconds / 1000,
            timesFaster,
          ]),
        })
      }
    }
    return groups
  },
}
