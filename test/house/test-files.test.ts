// Every test file runs, and in one project: a file that no project includes passes for ever.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const config = readFileSync(`${ROOT}/vitest.config.ts`, 'utf8')
const patterns = [...config.matchAll(/\binclude: \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
  [...list.matchAll(/'([^']+)'/g)].map(([, pattern = '']) => pattern),
)

it('each test file is included by one project', () => {
  const included = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  expect(patterns.length).toBeGreaterThan(3)
  expect(included.sort()).toEqual(globSync('test/**/*.test.ts', { cwd: ROOT }).sort())
})
