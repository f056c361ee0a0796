// Two rooms: `workerd` runs inside the Workers runtime, `local` runs in Node against real servers and players.
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: { TEST_MIGRATIONS: await readD1Migrations('./migrations') },
              // A test that reaches for the network fails at once instead of depending on it.
              outboundService: () => new Response('no network in tests', { status: 599 }),
            },
          }),
        ],
        test: {
          name: 'workerd',
          include: ['test/{core,domain,platform,http,contract}/**/*.test.ts'],
          setupFiles: ['test/support/migrate.ts'],
          isolate: false,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'local',
          include: ['test/{corpus,local,players}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
