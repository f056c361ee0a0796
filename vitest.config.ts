// Three projects are `npm test`: `workerd` runs inside the Workers runtime; `pure` runs in Node on files; `local` runs in
// Node against the started service, with real players. `matrix` is every player with every packaging and commands in more
// of their ways, which CI runs too; `long` and `long-workerd` take minutes a test and are for npm run test:long.
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { buildSigner } from './src/cli/build/signer-build.ts'
import { startFakeClerk } from './test/support/fake-clerk.ts'
import { sayLeftOut } from './test/support/left-out.ts'

// The Workers runtime of the tests does not run wrangler's build command.
await buildSigner()
const fakeClerk = await startFakeClerk()

/** Files that share nothing but the machine: players wait for films to play while others compute. */
const TWO_AT_ONCE = { maxWorkers: 2 }

/** The Workers runtime is started once a worker: files of other kinds come after its own. */
const AFTER_WORKERD = { ...TWO_AT_ONCE, sequence: { groupOrder: 1 } }

/** Files that start services, browsers and commands. */
const onServices = {
  globalSetup: ['test/support/local-template.ts', 'test/support/shared-local-service.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  ...AFTER_WORKERD,
}

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
          ...TWO_AT_ONCE,
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
          ...AFTER_WORKERD,
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
          setupFiles: ['test/support/database.ts'],
          isolate: false,
          maxWorkers: 1,
          testTimeout: 1_800_000,
        },
      },
      { test: { name: 'local', include: ['test/{local,players}/**/*.test.ts'], ...onServices } },
      { test: { name: 'matrix', include: ['test/matrix/**/*.test.ts'], ...onServices } },
    ],
  },
})
