// Whose the demo film is, in databases that were used before: real D1 and R2 in workerd.
import { readdir, readFile } from 'node:fs/promises'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_USER_ID, seedDemo, type DemoBindings } from '../../../src/cli/start/demo.ts'
import { DEMO_JOB_ID } from '../../../src/cli/local-state.ts'

const OTHER_ID = '5d1c1a1e-0000-4000-8000-000000000001'
const MIGRATIONS = new URL('../../../migrations/', import.meta.url)

let miniflare: Miniflare
let bindings: DemoBindings

beforeAll(async () => {
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: 'demo',
          modules: [{ type: 'ESModule', path: 'empty.js', contents: 'export default {}' }],
          compatibilityDate: '2026-10-20',
          d1Databases: { DB: 'demo' },
          r2Buckets: { MEDIA: 'demo' },
        },
      ],
    }),
  )
  bindings = await miniflare.getBindings()
  for (const name of (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort()) {
    const statements = (await readFile(new URL(name, MIGRATIONS), 'utf8')).split('--> statement-breakpoint')
    await bindings.DB.batch(statements.map((statement) => bindings.DB.prepare(statement)))
  }
})
afterAll(() => miniflare.dispose())

/** Seeds beside these users alone; the owner of the film. */
async function ownerAmong(...users: readonly (readonly [string, string | null, number | null])[]): Promise<unknown> {
  const { DB } = bindings
  const insert = DB.prepare('INSERT INTO users (id, clerk_user_id, deleted_at, created_at) VALUES (?, ?, ?, 0)')
  await DB.batch([
    DB.prepare('DELETE FROM videos'),
    DB.prepare('DELETE FROM users'),
    ...users.map((user) => insert.bind(...user)),
  ])
  await seedDemo(bindings)
  const owner = DB.prepare(
    'SELECT users.id, users.clerk_user_id FROM videos JOIN users ON users.id = user_id WHERE job_id = ?',
  )
  return await owner.bind(DEMO_JOB_ID).first()
}

describe('seedDemo', () => {
  it('makes user_demo where there is none', async () => {
    expect(await ownerAmong()).toEqual({ id: DEMO_USER_ID, clerk_user_id: 'user_demo' })
    const entry = `users/${DEMO_USER_ID}/hls/${DEMO_JOB_ID}/index.m3u8`
    expect(await bindings.MEDIA.head(entry)).toMatchObject({ key: entry })
  })

  it('F8: takes the id that user_demo has', async () => {
    expect(await ownerAmong([OTHER_ID, 'user_demo', null])).toEqual({ id: OTHER_ID, clerk_user_id: 'user_demo' })
    const entry = `users/${OTHER_ID}/hls/${DEMO_JOB_ID}/index.m3u8`
    expect(await bindings.MEDIA.head(entry)).toMatchObject({ key: entry })
  })

  it('F8: gives user_demo another id where the usual one is taken', async () => {
    expect(await ownerAmong([DEMO_USER_ID, null, null])).toEqual({
      id: expect.not.stringMatching(DEMO_USER_ID),
      clerk_user_id: 'user_demo',
    })
  })

  it('F8: gives the film to a user of its own where user_demo was deleted', async () => {
    expect(await ownerAmong([OTHER_ID, 'user_demo', 1])).toEqual({ id: DEMO_USER_ID, clerk_user_id: null })
    expect(await ownerAmong([DEMO_USER_ID, 'user_demo', 1])).toEqual({
      id: expect.not.stringMatching(DEMO_USER_ID),
      clerk_user_id: null,
    })
  })

  it('leaves a film that is there alone', async () => {
    await ownerAmong()
    await bindings.DB.prepare("UPDATE videos SET name = 'mine'").run()
    await seedDemo(bindings)
    expect(await bindings.DB.prepare('SELECT name FROM videos').first('name')).toBe('mine')
  })
})
