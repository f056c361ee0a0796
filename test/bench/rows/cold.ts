// The first playlist of a cold isolate: a fresh workerd each time, its code loaded and nothing of it run before.
import { median } from '../measure.ts'
import { oneFolder } from '../playlists.ts'
import { bundleCases, start } from '../runtime.ts'
import type { Bench } from '../table.ts'

const WAYS = ['aws4fetch', 'aws-sdk', 'subtle', 'ours', 'ours']
const STARTS = 7
const SEGMENTS = 1200

export const coldBench: Bench = {
  name: 'cold',
  async run() {
    const scripts = await Promise.all(WAYS.map((way) => bundleCases([way])))
    const playlist = oneFolder(SEGMENTS)
    const samples: number[][] = WAYS.map(() => [])
    for (let round = 0; round < STARTS; round++) {
      for (const [index, way] of WAYS.entries()) {
        const runtime = await start(scripts[index] ?? '')
        // Loads the isolate and hands the playlist over; the way itself has not run.
        await runtime.send('/', { method: 'POST', body: playlist })
        const before = runtime.clockMs()
        const answer = await runtime.send(`/${way}`)
        samples[index]?.push(runtime.clockMs() - before)
        if (answer.status !== 200) throw new Error(`${way}: ${answer.status}`)
        await runtime.stop()
      }
    }
    const first = samples[0] ?? []
    return [
      {
        title: `The first ${SEGMENTS.toLocaleString('en')} segments of a cold isolate`,
        note: `Median of ${STARTS} starts, processor time of workerd, the request included.`,
        columns: ['way', 'ms', '× aws4fetch'],
        rows: WAYS.map((way, index) => [
          index === WAYS.length - 1 ? 'ours again' : way,
          median(samples[index] ?? []),
          median((samples[index] ?? []).map((ms, round) => (first[round] ?? Number.NaN) / ms)),
        ]),
      },
    ]
  },
}
