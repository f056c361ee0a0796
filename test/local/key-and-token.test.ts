// From nothing to an authenticated request, as the documentation walks it: token, key, GET /api/me.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalState } from '../../src/cli/local-state.ts'
import { runCommandLine } from '../support/command-line.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'

const DEMO_USER = callerOf('00000000-0000-4000-8000-00000000de30', 'user_demo')

function callerOf(id: string, clerkUserId: string | null) {
  return {
    user_id: id,
    clerk_user_id: clerkUserId,
    workspace: { id, kind: 'personal', name: null, role: 'admin' },
  }
}

let service: LocalService
beforeAll(async () => {
  service = await spawnLocalService()
})
afterAll(() => service.stop())

async function run(command: string, args: readonly string[], state = service.stateFolder ?? '') {
  const { stdout, ...rest } = await runCommandLine(command, [...args, '--state', state])
  return { ...rest, stdout: stdout.trim() }
}

async function me(credential: string): Promise<[number, unknown]> {
  const response = await fetch(`${service.url}/api/me`, { headers: { Authorization: credential } })
  return [response.status, await response.json()]
}

describe('npm run token', () => {
  it('prints a session that the local service takes', async () => {
    const { code, stdout } = await run('token', ['--sub', 'user_demo'])
    expect(code).toBe(0)
    expect(await me(`Bearer ${stdout}`)).toEqual([200, { ...DEMO_USER, auth_type: 'clerk' }])
  })

  it('makes whom it names, with the id it names', async () => {
    const uid = crypto.randomUUID()
    const { stdout } = await run('token', ['--sub', 'user_new', '--uid', uid, '--seconds', '60'])
    const expected = { ...callerOf(uid, 'user_new'), auth_type: 'clerk' }
    expect(await me(`Bearer ${stdout}`)).toEqual([200, expected])
  })

  it('is good for its own service only', async () => {
    const other = await mkdtemp(join(tmpdir(), 'lynxgate-token-'))
    openLocalState(other)
    const { stdout } = await run('token', [], other)
    await rm(other, { recursive: true })
    expect(await me(`Bearer ${stdout}`)).toEqual([401, { detail: 'Invalid token' }])
  })

  it.each([
    ['--sub', 'demo'],
    ['--seconds', '3601'],
    ['--seconds', '0'],
    ['--uid', 'me'],
  ])('refuses %s %s with a sentence', async (option, value) => {
    const { code, stdout, stderr } = await run('token', [option, value])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^${option} must be [^\\n]+\\n$`))
  })
})

describe('F17: a state folder that npm start never made', () => {
  it.each([
    ['token', []],
    ['key', ['--user', 'user_demo']],
    ['engine-import', ['--user', '00000000-0000-4000-8000-00000000de30', '--job', 'job_1']],
  ])('F17: npm run %s says so in one sentence and makes no folder', async (command, args) => {
    const typo = join(service.stateFolder ?? '', 'typo')
    const { code, stdout, stderr } = await run(command, args, typo)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^[^\n]+npm start makes it[^\n]*\n$/)
    expect(existsSync(typo)).toBe(false)
  })
})

describe('the service of the state folder', () => {
  it('F16: is named by npm run token and npm run key, so that the port is told once', async () => {
    expect((await run('token', [])).stderr).toBe(`Its service runs at ${service.url}.\n`)
    expect((await run('key', ['--user', 'user_demo'])).stderr).toContain(`The service runs at ${service.url}.\n`)
  })

  it('F16: is not guessed by npm run upload when there is none', async () => {
    const own = await mkdtemp(join(tmpdir(), 'lynxgate-none-'))
    const env = { LYNXGATE_URL: '', LYNXGATE_KEY: `lvz_live_${'0'.repeat(64)}` }
    const { code, stdout, stderr } = await runCommandLine('upload', ['film.mp4', '--state', own], env)
    await rm(own, { recursive: true })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe('No local service is running: start it with npm start, or set LYNXGATE_URL.\n')
  })
})

describe('npm run key', () => {
  it('prints a key that works, and nothing else on standard output', async () => {
    const name = `it's; "a name" -- ü`
    const { code, stdout } = await run('key', ['--user', 'user_demo', '--name', name])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^lvz_live_[0-9a-f]{64}$/)
    expect(await me(stdout)).toEqual([200, { ...DEMO_USER, auth_type: 'api_key' }])
    const keys = await fetch(`${service.url}/api/keys`, { headers: { Authorization: stdout } })
    expect(await keys.json()).toContainEqual(
      expect.objectContaining({ name, key_prefix: `${stdout.slice(0, 17)}...`, scopes: ['*', 'keys:write'] }),
    )
  })

  it('makes a user who has only a UUID', async () => {
    const userId = crypto.randomUUID()
    const { stdout } = await run('key', ['--user', userId])
    const expected = { ...callerOf(userId, null), auth_type: 'api_key' }
    expect(await me(stdout)).toEqual([200, expected])
  })

  it('imports a key that was issued elsewhere by its hash, once', async () => {
    const rawKey = `lvz_live_${createHash('sha256').update(crypto.randomUUID()).digest('hex')}`
    const args = ['--user', 'user_demo', '--import-hash', createHash('sha256').update(rawKey).digest('hex')]
    expect(await run('key', args)).toMatchObject({ code: 0, stdout: '' })
    expect(await me(rawKey)).toEqual([200, { ...DEMO_USER, auth_type: 'api_key' }])
    const again = await run('key', args)
    expect(again).toMatchObject({ code: 1, stderr: 'A key with this hash is already there.\n' })
  })

  it.each([
    ['--user', 'somebody'],
    ['--import-hash', 'A'.repeat(64)],
    ['--name', ''],
  ])('refuses %s %j with a sentence', async (option, value) => {
    const { code, stdout, stderr } = await run('key', ['--user', 'user_demo', option, value])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^${option} must be [^\\n]+\\n$`))
  })

  it('says what to do when there is no database yet', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'lynxgate-key-'))
    const { code, stderr } = await run('key', ['--user', 'user_demo'], empty)
    await rm(empty, { recursive: true })
    expect([code, stderr]).toEqual([1, 'There is no local database yet: npm start makes it.\n'])
  })
})
