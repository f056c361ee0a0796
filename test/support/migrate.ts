// Runs before every file in workerd: the real migrations on the real local D1.
import { applyD1Migrations } from 'cloudflare:test'
import { env } from './env.ts'

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
