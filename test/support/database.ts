// Runs before and after every file in workerd: the real migrations on the real local D1, and a look at the plan of every
// statement that the service under test sent to it, so that no query and no write is left out.
import { applyD1Migrations } from 'cloudflare:test'
import { afterAll } from 'vitest'
import { env } from './env.ts'
import { expectPreparedIndexed } from './query-plans.ts'

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)

afterAll(expectPreparedIndexed)
