// What is in the database stays there: the version before runs on it while a new one comes, and again after a rollback.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const TAKES_AWAY = /\b(?:DROP|RENAME|TRUNCATE)\b|\bDELETE\s+FROM\b/i

it('a migration only ever adds', () => {
  const files = readdirSync('migrations').filter((name) => name.endsWith('.sql'))
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter((name) => TAKES_AWAY.test(readFileSync(join('migrations', name), 'utf8')))).toEqual([])
})
