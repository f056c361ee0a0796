// npm run capacity: what an audience of a given size costs a month at Cloudflare, and which limit it meets first. Asks
// no network and no service.
import { defineCommand, runCommand, usageProblem, type Values } from '../command.ts'
import { forecast, type Audience, type Forecast, type Usage } from './model.ts'
import { cost, monthlyCost, PRICES, PRICES_READ } from './prices.ts'

const COMMAND = defineCommand({
  call: 'npm run --silent capacity',
  summary:
    'Says what so many viewers cost in a month, in both deliveries, and which limit of Cloudflare they meet first.',
  flags: {
    viewers: { type: 'string', value: 'N', default: '1000000', help: 'people, each of whom watches one film a day' },
    films: { type: 'string', value: 'N', default: '50000', help: 'films that there are; a million at most' },
    minutes: { type: 'string', value: 'N', default: '40', help: 'watched of a film' },
    'segment-seconds': {
      type: 'string',
      value: 'N',
      default: '4',
      help: "as npm run upload makes them; a segment's length",
    },
    tracks: { type: 'string', value: 'N', default: '2', help: 'streams fetched beside each other; 2: picture, sound' },
    megabits: { type: 'string', value: 'N', default: '3', help: 'a second, of what is watched' },
  },
  notes: 'docs/scale.md says what is measured in this and what is assumed.',
})

async function main(values: Values<typeof COMMAND.flags>): Promise<void> {
  const audience = {
    viewers: positive(values.viewers, 'viewers', 1e10),
    films: positive(values.films, 'films', 1e6),
    minutes: positive(values.minutes, 'minutes', 1440),
    segmentSeconds: positive(values['segment-seconds'], 'segment-seconds', 60),
    tracks: positive(values.tracks, 'tracks', 8),
    megabits: positive(values.megabits, 'megabits', 200),
  }
  console.log(`Prices of Cloudflare’s Workers Paid as looked up on ${PRICES_READ}; a month of 30 days.`)
  for (const delivery of ['s3', 'edge'] as const) print({ ...audience, delivery })
}

function positive(text: string, name: string, most: number): number {
  const value = /^\d{1,11}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > most) throw usageProblem(`--${name} must be a whole number from 1 to ${most}.`)
  return value
}

function print(audience: Audience): void {
  const found = forecast(audience)
  const dollars = monthlyCost(found.usage)
  console.log(`\n## ${audience.delivery}\n\n| | a month | dollars |\n|---|---:|---:|`)
  for (const [kind, { what }] of entries(PRICES))
    console.log(`| ${what} | ${amount(found.usage[kind])} | ${cost(kind, found.usage[kind]).toFixed(2)} |`)
  console.log(`| **together, with the subscription** | | **${dollars.toFixed(2)}** |\n`)
  for (const line of sentences(audience, found, dollars)) console.log(line)
}

function* sentences({ delivery }: Audience, found: Forecast, dollars: number): Generator<string> {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`
  yield `A viewer-hour costs $${(dollars / found.viewerHours).toFixed(6)}.`
  yield `At the busiest moment: ${amount(found.peakRequestsASecond)} requests and ${amount(found.peakGigabitsASecond)} Gbit a second.`
  yield `Films found in an isolate’s memory: ${percent(found.filmHitRate)}.`
  yield delivery === 'edge'
    ? `Segments found in a data centre’s cache: ${percent(found.segmentHitRate)}.`
    : 'Every segment is read from the bucket: its S3 endpoint has no cache.'
  yield `D1 rows written a million viewings: ${amount(found.d1RowsWrittenAMillionViewings)}.`
  for (const [index, { what, used, remedy }] of found.limits.entries()) {
    const isMet = used >= 1
    yield `${index === 0 ? 'First limit' : 'Then'}: ${what}: ${percent(used)} used.${isMet ? ` What to do: ${remedy}.` : ''}`
  }
}

/** Three digits that count. */
function amount(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value)
}

function entries(prices: typeof PRICES) {
  const isKind = (kind: string): kind is keyof Usage => kind in prices
  return Object.keys(prices)
    .filter(isKind)
    .map((kind) => [kind, prices[kind]] as const)
}

await runCommand(COMMAND, main)
