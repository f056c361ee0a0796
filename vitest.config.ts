// Four projects: `workerd` runs inside the Workers runtime; `pure` runs in Node on files; `local` runs in Node against
// the started service, with real players. `long` and `long-workerd` are for
// `npm run test:long` only: minutes, not seconds.
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { buildSigner } from './src/cli/build/signer-build.ts'
import { startFakeClerk } from './test/support/fake-clerk.ts'
import { sayLeftOut } from './test/support/left-out.ts'

// The Workers runtime of the tests does not run wrangler's build command.
await buildSigner()
const fakeClerk = await startFakeClerk()

/** Files that share nothing but the machine: players wait for films to play while others compute. After `workerd`. */
const TWO_AT_ONCE = { maxWorkers: 2, sequence: { groupOrder: 1 } }
async function workersRuntime() {
  return cloudflareTest({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: { TEST_MIGRATIONS: await readD1Migrations('./migrations') },
      // Every outbound request meets this one server, which plays Clerk and knows no other host: a test that
      // reaches for the network fails at once instead of depending on it.
      outboundService: fakeClerk.forward,
    },
  })
}

export default defineConfig({
  test: {
    reporters: ['default', sayLeftOut()],
    projects: [
      {
        plugins: [await workersRuntime()],
        test: {
          name: 'workerd',
          include: ['test/*.test.ts', 'test/{core,client,config,domain,platform,http,contract,web}/**/*.test.ts'],
          setupFiles: ['test/support/database.ts'],
          isolate: false,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'pure',
          include: ['test/{pure,corpus,cli,house}/**/*.test.ts'],
          // No test is about time: a busy machine is not a failure.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...TWO_AT_ONCE,
        },
      },
      {
        test: {
          name: 'long',
          include: ['test/long/*.test.ts'],
          globalSetup: ['test/support/local-template.ts'],
          testTimeout: 1_800_000,
        },
      },
      {
        plugins: [await workersRuntime()],
        test: {
          name: 'long-workerd',
          include: ['test/long/workerd/*.test.ts'],
          setupFiles: ['test/support/migrate.ts'],
          isolate: false,
          maxWorkers: 1,
          testTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: 'local',
          include: ['test/{local,players}/**/*.test.ts'],
          globalSetup: ['test/support/local-template.ts', 'test/support/shared-local-service.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...TWO_AT_ONCE,
        },
      },
    ],
  },
})
