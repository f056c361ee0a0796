import { getTableColumns, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { describe, expect, it } from 'vitest'
import { keyEvents } from '../../../src/platform/d1/schema/keys.ts'
import { selectRow } from '../../../src/platform/d1/select-row.ts'
import { makeKey, readColumn } from '../../support/callers.ts'
import { env } from '../../support/env.ts'

describe('selectRow', () => {
  it('puts each value under its column, whatever the order it is written in', async () => {
    const { keyId } = await makeKey()
    const row = {
      createdAt: 7,
      actorId: null,
      actorType: 'operator',
      action: 'renamed',
      keyId: sql`${keyId}`,
      id: null,
    } as const
    await drizzle(env.DB)
      .insert(keyEvents)
      .select(sql`SELECT ${selectRow(keyEvents, row)}`)
    const stored = (column: string) =>
      readColumn(`SELECT ${column} FROM key_events WHERE key_id = ? AND action = 'renamed'`, keyId)
    expect(await stored('created_at')).toBe(7)
    expect(await stored('actor_type')).toBe('operator')
    expect(await stored('actor_id')).toBeNull()
  })

  it('names every column that the table has', () => {
    expect(Object.keys(getTableColumns(keyEvents)).sort()).toEqual(
      ['action', 'actorId', 'actorType', 'createdAt', 'id', 'keyId'].sort(),
    )
  })
})
