// An empty database with every migration applied, where the soaked process will look for it.
import { readdir, readFile } from 'node:fs/promises'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { COMPATIBILITY_DATE } from '../support/bundle.ts'

const MIGRATIONS = new URL('../../migrations/', import.meta.url)

export async function migrate(stores: string): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: stores,
      workers: [
        {
          name: 'lynxgate',
          modules: true,
          script: 'export default {}',
          compatibilityDate: COMPATIBILITY_DATE,
          d1Databases: { DB: 'soak' },
        },
      ],
    }),
  )
  try {
    const database = await miniflare.getD1Database('DB', 'lynxgate')
    for (const name of (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).toSorted()) {
      const statements = (await readFile(new URL(name, MIGRATIONS), 'utf8')).split('--> statement-breakpoint')
      await database.batch(statements.map((statement) => database.prepare(statement)))
    }
  } finally {
    await miniflare.dispose()
  }
}
