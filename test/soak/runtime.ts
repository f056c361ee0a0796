// The process that is soaked: workerd with the service and its stores. It is started by the soak, and killed by it.
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { newestWorkerd } from '../bench/process-info.ts'
import { bundle, COMPATIBILITY_DATE, workerModules } from '../support/bundle.ts'

export interface RuntimeOrder {
  readonly port: number
  /** Folder of the stores. */
  readonly stores: string
  readonly variables: Readonly<Record<string, string>>
}

const SOURCE = `export { default, KeyCounter, ViewerStreams, SoakedProcessing } from './soak/worker.ts'`

const { port, stores, variables } = JSON.parse(process.argv[2] ?? '') as RuntimeOrder
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: '127.0.0.1',
    port,
    cf: false,
    handleStructuredLogs: ({ message }) => console.error(message),
    resourcePersistencePath: stores,
    workers: [
      {
        name: 'lynxgate',
        modules: await workerModules(await bundle(SOURCE)),
        compatibilityDate: COMPATIBILITY_DATE,
        bindings: { ...variables },
        d1Databases: { DB: 'soak' },
        kvNamespaces: { CACHE: 'soak' },
        r2Buckets: { MEDIA: 'soak' },
        queueProducers: { EVENTS: { queueName: 'events' }, PLAYS: { queueName: 'plays' } },
        queueConsumers: {
          events: { maxBatchSize: 5, maxBatchTimeout: 1, maxRetries: 3 },
          plays: { maxBatchSize: 20, maxBatchTimeout: 5, maxRetries: 3 },
        },
        durableObjects: {
          STREAMS: { className: 'ViewerStreams', useSQLite: true },
          LIMITS: { className: 'KeyCounter', useSQLite: true },
        },
        workflows: { PROCESSING: { name: 'processing', className: 'SoakedProcessing' } },
      },
    ],
  }),
)
await miniflare.ready
process.stdout.write(`${JSON.stringify({ workerd: newestWorkerd() })}\n`)
