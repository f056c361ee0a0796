// `npm run doctor -- --remote` as an operator meets it: a service that answers on this machine, and an account beside it.
import { readdirSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql, StoredWorker } from '../support/cloudflare/account.ts'
import { startCloudflare, type Cloudflare } from '../support/cloudflare/server.ts'
import { runCommandAt } from '../support/deploy-command.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'

let service: OwnLocalService
let stateFolder = ''

beforeAll(async () => {
  service = await spawnLocalService(['--delivery', 'edge'])
  stateFolder = service.stateFolder ?? ''
})
afterAll(() => service.stop())

describe('npm run doctor -- --remote', () => {
  let cloudflare: Cloudflare

  beforeAll(async () => {
    cloudflare = await startCloudflare()
  })
  afterAll(() => cloudflare.stop())

  /** The account as a deployment leaves it, and the file that was deployed; the service answers on this machine. */
  async function deployed(names: readonly string[]): Promise<string> {
    cloudflare.reset()
    const { account } = cloudflare
    const worker = new StoredWorker()
    account.workers.set('lynxgate', worker)
    account.makeBucket('lynxgate-media', undefined)
    const database = account.makeDatabase('lynxgate', undefined)
    runSql(database, 'CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT, applied_at TEXT)')
    for (const file of readdirSync('migrations')
      .filter((one) => one.endsWith('.sql'))
      .toSorted()) {
      runSql(database, readFileSync(join('migrations', file), 'utf8'))
      runSql(database, `INSERT INTO d1_migrations (name, applied_at) VALUES ('${file}', '')`)
    }
    const lines = (await readFile(join(stateFolder, 'local.env'), 'utf8')).split('\n')
    const chosen = lines.filter((line) => names.some((name) => line.startsWith(`${name}=`)))
    const bindings = names.map((name) => ({ type: 'secret_text', name, text: 'secret' }))
    worker.deploy([{ version_id: account.addVersion(worker, { bindings }).id, percentage: 100 }])
    const file = join(stateFolder, 'deployed.env')
    await writeFile(file, chosen.join('\n'))
    return file
  }

  const EDGE = ['CLERK_ISSUER', 'CLERK_JWT_KEY', 'EDGE_SIGNING_SECRET']
  const S3 = ['S3_ENDPOINT', 'S3_BUCKET', 'R2_ACCESS_KEY_ID', 'R2_SECRET_ACCESS_KEY']

  async function examine(file: string, flags: readonly string[] = []) {
    const own = ['doctor', '--remote', '--url', service.url, '--env-file', file]
    const { code, output } = await runCommandAt(cloudflare, own.concat(flags))
    expect(cloudflare.unknown).toEqual([])
    return { code, output }
  }

  it('F9: finds nothing wrong with a healthy one', async () => {
    const { code, output } = await examine(await deployed(EDGE))
    expect(output).not.toContain('BAD')
    expect(output).toContain(`ok   secrets: deployed as in the file: ${EDGE.join(', ')}`)
    expect(output).toContain('ok   migrations: all applied')
    expect(output.split('ok   edge delivery: ')).toHaveLength(6)
    expect(output).toContain('All well.')
    expect(code).toBe(0)
    // The object of the round trip is gone from the account's bucket.
    const removed = cloudflare.calls.filter(({ method }) => method === 'DELETE')
    expect(removed.map(({ target }) => target)).toEqual([expect.stringContaining('lynxgate-media/objects/doctor')])
  })

  it('F9: tells each thing that is broken: a secret, a migration, the policy of the bucket', async () => {
    const file = await deployed([...EDGE, ...S3])
    const worker = cloudflare.account.workers.get('lynxgate')
    const [database] = cloudflare.account.databases
    if (worker === undefined || database === undefined) throw new Error('nothing is deployed')
    const kept = worker.newest?.bindings.filter(({ name }) => name !== 'EDGE_SIGNING_SECRET') ?? []
    const leftOver = { type: 'secret_text', name: 'CLERK_SECRET_KEY', text: 'secret' }
    cloudflare.account.addVersion(worker, { bindings: [...kept, leftOver] })
    runSql(database, "DELETE FROM d1_migrations WHERE name LIKE '0001%'")
    const { code, output } = await examine(file)
    expect(output).toMatch(/BAD {2}secrets: .*in the file and not deployed: EDGE_SIGNING_SECRET/)
    expect(output).toMatch(/BAD {2}secrets: .*deployed and not in the file: CLERK_SECRET_KEY/)
    expect(output).toMatch(/BAD {2}migrations: 1 not applied: 0001_/)
    // The local endpoint lets in pages of this machine only, as a bucket without a policy does.
    expect(output).toContain('BAD  bucket CORS: ')
    expect(code).toBe(1)
  })

  it('F9: sets the policy of the bucket that the configuration binds, when the file names none', async () => {
    const { output } = await examine(await deployed(EDGE), ['--fix'])
    expect(output).toContain('ok   bucket CORS: set for lynxgate-media')
    const puts = cloudflare.calls.filter(({ method }) => method === 'PUT').map(({ target }) => target)
    expect(puts).toEqual([expect.stringContaining('/r2/buckets/lynxgate-media/cors')])
  })

  it('F9: says so when the account cannot be asked', async () => {
    const file = await deployed(EDGE)
    cloudflare.faults.push({
      matches: () => true,
      failure: 403,
      code: 10_000,
      message: 'Authentication error',
      times: 99,
    })
    const { code, output } = await examine(file)
    expect(output).toMatch(/BAD {2}secrets: wrangler could not list them/)
    expect(output).toMatch(/BAD {2}migrations: wrangler could not list them/)
    expect(code).toBe(1)
  })
})
