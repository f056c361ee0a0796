// What the doctor reads from wrangler's words.
import { describe, expect, it } from 'vitest'
import { pendingMigrations } from '../../../src/cli/doctor/database-check.ts'
import { printFinding, problem, skipped } from '../../../src/cli/doctor/finding.ts'
import { secretNames } from '../../../src/cli/doctor/secrets-check.ts'

describe('pendingMigrations', () => {
  it('finds the names in the table', () => {
    const table = '│ Name │\n├──────┤\n│ 0001_api-keys.sql │\n├──────┤\n│ 0002_key_events.sql │'
    expect(pendingMigrations(table)).toEqual(['0001_api-keys.sql', '0002_key_events.sql'])
  })

  it('finds none when there are none', () => {
    expect(pendingMigrations('✅ No migrations to apply!')).toEqual([])
  })
})

describe('secretNames', () => {
  it("F9: reads wrangler's answer", () => {
    expect(secretNames('[{"name":"A","type":"secret_text"},{"name":"B","type":"secret_text"}]\n')).toEqual(
      new Set(['A', 'B']),
    )
  })

  it('knows an empty list from no list', () => {
    expect(secretNames('[]')).toEqual(new Set())
    expect(secretNames('You are not authenticated.')).toBeUndefined()
  })
})

describe('printFinding', () => {
  it('says what to do under what is wrong', () => {
    expect(printFinding(problem('clock', '9 seconds apart', 'set it by NTP'))).toBe(
      'BAD  clock: 9 seconds apart\n     → set it by NTP',
    )
    expect(printFinding(skipped('secrets', 'local'))).toBe('--   secrets: local')
  })
})
