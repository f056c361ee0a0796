// `npm run deploy` where it takes minutes: every call of a first and of a second deployment failing once in every way,
// followed by the same command again; and what test/matrix/deploy.test.ts leaves to this file.
import { beforeEach, describe, expect, it } from 'vitest'
import type { ApiCall, Failure } from '../support/cloudflare/server.ts'
import { contentsOf, VARIABLES } from '../support/deploy-command.ts'
import { ALL_ONCE, environmentOf, migrationFiles, useDeployment } from '../support/deployment.ts'

const deployment = useDeployment()
const { deploy, deployFile, worker, appliedMigrations } = deployment

/** Calls of one deployment as they came, the account's own ids taken out. */
const nameOf = ({ method, target }: ApiCall): string =>
  `${method} ${target.replace(/\?.*/, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`

describe('npm run deploy, every call failing once', () => {
  /** Each kind of failure in parts of every third call, so that one test takes minutes and not a quarter of an hour. */
  const PARTS = ([500, 400, 'cut', 'lost'] satisfies Failure[]).flatMap((failure) =>
    [0, 1, 2].map((part) => [failure, part] as const),
  )

  it.each(PARTS)('F9: with %s at every third call from %i, then the same command again', async (failure, part) => {
    await deployFile()
    const calls = deployment.cloudflare.calls.map(nameOf)
    expect(calls.length).toBeGreaterThan(20)
    const bad: string[] = []
    for (const [at, call] of calls.entries()) {
      // To lose the answer to a question is the same as to cut it off.
      if (at % 3 !== part || (failure === 'lost' && call.startsWith('GET'))) continue
      deployment.cloudflare.reset()
      deployment.cloudflare.faults.push({ matches: (_call, index) => index === at, failure })
      const first = await deployFile()
      const again = first.code === 0 ? first : await deployFile()
      const isRight =
        again.code === 0 &&
        !/\n {4}at /.test(first.output) &&
        JSON.stringify(contentsOf(deployment.cloudflare)) === JSON.stringify(ALL_ONCE) &&
        JSON.stringify(appliedMigrations()) === JSON.stringify(migrationFiles()) &&
        JSON.stringify(Object.keys(worker().secrets)) === '["CLERK_ISSUER","EDGE_SIGNING_SECRET"]'
      if (!isRight) bad.push(`${call}: ${first.code}, ${again.code}: ${again.output.slice(-400)}`)
    }
    expect(bad).toEqual([])
  })

  it('F9: in a deployment that removes a secret: the secret is gone in the end', async () => {
    const previous = `EDGE_SIGNING_SECRET_PREVIOUS=${'p'.repeat(32)}`
    await deployFile([...VARIABLES, previous])
    const start = deployment.cloudflare.calls.length
    await deployFile()
    const changing = deployment.cloudflare.calls
      .slice(start)
      .flatMap(({ method }, index) => (method === 'GET' ? [] : [index]))
    for (const at of changing) {
      deployment.cloudflare.reset()
      await deployFile([...VARIABLES, previous])
      const before = deployment.cloudflare.calls.length
      deployment.cloudflare.faults.push({ matches: (_call, index) => index === before + at, failure: 400 })
      const first = await deployFile()
      if (first.code !== 0) expect((await deployFile()).code).toBe(0)
      expect(Object.keys(worker().secrets)).toEqual(['CLERK_ISSUER', 'EDGE_SIGNING_SECRET'])
      expect(contentsOf(deployment.cloudflare)).toEqual(ALL_ONCE)
    }
  })
})

describe('npm run deploy with bindings that a plan may lack', () => {
  const SECOND_STAGE = `
[[queues.producers]]
binding = "MORE"
queue = "lynxgate-more"

[[queues.consumers]]
queue = "lynxgate-more"
dead_letter_queue = "lynxgate-more-dead"

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[migrations]]
tag = "v2"
new_sqlite_classes = ["Room"]

[[workflows]]
name = "lynxgate-more"
binding = "MORE_WORK"
class_name = "MoreWork"
`

  beforeEach(() => deployment.project.change((toml) => toml + SECOND_STAGE))

  it('F9: finds or makes queues by name, once, and uploads Durable Objects, Workflows and crons', async () => {
    deployment.cloudflare.faults.push({
      matches: ({ method, target }) => method === 'POST' && target.endsWith('/queues'),
      failure: 'lost',
    })
    await deployFile()
    const { code } = await deployFile()
    expect(code).toBe(0)
    expect(contentsOf(deployment.cloudflare)).toMatchObject({
      queues: ['lynxgate-events', 'lynxgate-plays', 'lynxgate-more', 'lynxgate-more-dead'],
    })
    const types = worker().newest?.bindings.map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(['queue', 'durable_object_namespace', 'workflow']))
    expect(worker().crons).toEqual(['17 3 * * *', '*/5 * * * *'])
    expect([...deployment.cloudflare.account.workflows.keys()]).toEqual(['lynxgate-processing', 'lynxgate-more'])
  })

  it('F9: leaves out what the plan does not have, with a sentence each, and deploys the rest', async () => {
    for (const what of ['queues', 'durable objects', 'crons'] as const) deployment.cloudflare.account.refuses.add(what)
    const { code, output } = await deployFile()
    for (const what of ['Queues', 'Durable Objects', 'cron triggers']) {
      expect(output).toContain(`${what} are not on this account's plan and are left out: what needs them answers 503.`)
    }
    expect(output).toContain('Deployed lynxgate.')
    expect(code).toBe(0)
    const types = worker().newest?.bindings.map(({ type }) => type)
    expect(types).not.toContain('queue')
    expect(types).not.toContain('durable_object_namespace')
    expect(types).toContain('workflow')
    expect(worker().crons).toEqual([])
  })
})

describe('npm run deploy, gradually', () => {
  it('says what to do where the version that runs has no Durable Object yet', async () => {
    await deployFile()
    worker().migrationTag = undefined
    const [live] = worker().live
    const split = await deploy(['--gradual', '10', '--watch', '0'])
    expect(split.code).toBe(1)
    expect(split.output).toContain('once the same command without --gradual, then --gradual again')
    expect(worker().live).toEqual([live])
    expect((await deployFile()).code).toBe(0)
    expect((await deploy(['--gradual', '10', '--watch', '0'])).code).toBe(0)
  })

  it('F9: splits, refuses a plain deployment meanwhile, changes the share, promotes, and aborts', async () => {
    await deployFile([...VARIABLES, `EDGE_SIGNING_SECRET_PREVIOUS=${'p'.repeat(32)}`])
    const file = deployment.project.variables(VARIABLES)
    const split = await deploy(['--gradual', '10', '--watch', '0', '--secrets-file', file])
    expect(split.output).toContain('EDGE_SIGNING_SECRET_PREVIOUS stay until --promote')
    expect(split.output).toContain('Go on: npm run deploy -- --promote')
    expect(split.code).toBe(0)
    const [old, next] = worker().versions
    const shares = () => worker().deployments[0]?.versions.map(({ version_id, percentage }) => [version_id, percentage])
    expect(shares()).toEqual([
      [next?.id, 10],
      [old?.id, 90],
    ])

    const plain = await deploy()
    expect(plain.code).toBe(1)
    expect(plain.output).toMatch(
      /share the traffic\. First npm run deploy -- --promote .* or npm run deploy -- --abort/,
    )
    expect(worker().versions).toHaveLength(2)
    expect((await deploy(['--live'])).stdout).toBe('')

    expect((await deploy(['--gradual', '50', '--watch', '0'])).code).toBe(0)
    expect(shares()).toEqual([
      [next?.id, 50],
      [old?.id, 50],
    ])
    const promoted = await deploy(['--promote', '--secrets-file', file])
    expect(promoted.output).toContain('Deployed lynxgate.')
    expect(promoted.code).toBe(0)
    expect(Object.keys(worker().secrets)).toEqual(['CLERK_ISSUER', 'EDGE_SIGNING_SECRET'])
    const nothing = await deploy(['--promote'])
    expect(nothing.output).toContain('there is nothing to end')

    const [live] = worker().live
    await deploy(['--gradual', '10', '--watch', '0'])
    const aborted = await deploy(['--abort'])
    expect(aborted.output).toContain(`All of the traffic is back with ${live?.id}.`)
    expect(worker().live).toEqual([live])
  })

  it('F9: goes back by itself when the new version is down', async () => {
    await deployFile()
    const [old] = worker().versions
    deployment.cloudflare.health = { status: 503, body: { status: 'down', checks: { storage: 'down' } } }
    const { code, output } = await deploy(['--gradual', '10', '--watch', '0'])
    expect(code).toBe(1)
    expect(output).toContain('The new version does not work: all of the traffic is back')
    expect(worker().live).toEqual([old])
  })
})

describe('npm run deploy, longer stories', () => {
  it('F9: takes away a secret that the file no longer has, after saying so, and keeps it with --keep-secrets', async () => {
    const previous = `EDGE_SIGNING_SECRET_PREVIOUS=${'p'.repeat(32)}`
    await deployFile([...VARIABLES, previous])
    const kept = await deployFile(VARIABLES, ['--keep-secrets'])
    expect(kept.code).toBe(0)
    expect(worker().secrets).toHaveProperty('EDGE_SIGNING_SECRET_PREVIOUS')

    const { code, output } = await deployFile()
    expect(code).toBe(0)
    expect(output).toContain('remove EDGE_SIGNING_SECRET_PREVIOUS: deployed, and not in the file')
    expect(Object.keys(worker().secrets)).toEqual(['CLERK_ISSUER', 'EDGE_SIGNING_SECRET'])

    // The code of before would bring it back: never without being told to.
    const refused = await deploy(['--rollback'])
    expect(refused.code).toBe(1)
    expect(refused.output).toContain('EDGE_SIGNING_SECRET_PREVIOUS would be back')
    expect(refused.output).toContain('Nothing was changed.')
    expect(worker().secrets).not.toHaveProperty('EDGE_SIGNING_SECRET_PREVIOUS')
  })

  it('F9: refuses an environment that is not whole, or stores where another one does, unless that is meant', async () => {
    const file = deployment.project.variables(VARIABLES)
    deployment.project.change(
      (toml) => `${toml}\n[env.bare]\nroutes = [{ pattern = "a.example.com", custom_domain = true }]\n`,
    )
    const bare = await deploy(['--env', 'bare', '--secrets-file', file])
    expect(bare.output).toContain(
      '[env.bare] lacks d1_databases (DB), kv_namespaces (CACHE), r2_buckets (MEDIA): an environment inherits no bindings.',
    )
    expect(bare.code).toBe(1)

    deployment.project.change(
      (toml) => `${toml}\n${environmentOf('twin').replace('"lynxgate-twin-media"', '"lynxgate-media"')}`,
    )
    const twin = await deploy(['--env', 'twin', '--secrets-file', file])
    expect(twin.output).toContain('the top level stores in the same R2 bucket lynxgate-media')
    expect(twin.code).toBe(2)
    expect(deployment.cloudflare.calls).toEqual([])
    expect((await deploy(['--env', 'twin', '--shared-data', '--secrets-file', file, '--plan'])).code).toBe(0)
  })

  it('F9: goes back to the code before, and refuses to bring back earlier values of secrets', async () => {
    await deployFile()
    await deploy()
    const [first, second] = worker().versions
    const { code, output } = await deploy(['--rollback'])
    expect(output).toContain(`${first?.id} is live again.`)
    expect(code).toBe(0)
    expect(worker().live).toEqual([first])
    expect((await deploy(['--live'])).stdout.trim()).toBe(first?.id)
    expect((await deploy(['--rollback'])).output).toContain('has no version before the one that is live')
    expect((await deploy(['--rollback', '--to', first?.id ?? ''])).output).toContain('live already')

    await deploy(['--rollback', '--to', second?.id ?? ''])
    await deployFile([VARIABLES[0] ?? '', `EDGE_SIGNING_SECRET=${'n'.repeat(32)}`])
    const refused = await deploy(['--rollback'])
    expect(refused.code).toBe(1)
    expect(refused.output).toContain('their values differ')
    expect(worker().secrets['EDGE_SIGNING_SECRET']).toBe('n'.repeat(32))
    const forced = await deploy(['--rollback', '--old-secrets'])
    expect(forced.code).toBe(0)
    expect(worker().live).toEqual([second])
  })

  it('F9: says that it does not work, with the way back, when what it deployed is down', async () => {
    await deployFile()
    deployment.cloudflare.health = { status: 503, body: { status: 'down', checks: { database: 'down', cache: 'ok' } } }
    const { code, output } = await deploy()
    expect(code).toBe(1)
    expect(output).toContain('answers: down (database is down).')
    expect(output).toMatch(/Back to the version before: npm run deploy -- --rollback/)
  })

  it('F9: ends with a sentence and 0 where nothing answers yet, and trusts no log setting that was not taken', async () => {
    const file = deployment.project.variables(VARIABLES)
    const silent = await deploy(['--secrets-file', file, '--url', 'http://127.0.0.1:1'])
    expect(silent.output).toContain('Nothing answers at http://127.0.0.1:1 yet: npm run doctor')
    expect(silent.code).toBe(0)

    worker().settings = { observability: { enabled: true } }
    const isSetting = ({ method, target }: ApiCall) => method === 'PATCH' && target.endsWith('/script-settings')
    deployment.cloudflare.faults.push({ matches: isSetting, failure: 400 })
    const logging = await deploy()
    expect(logging.output).toContain('Cloudflare still keeps logs of lynxgate, with the URLs of requests')
    expect(logging.code).toBe(1)
    expect((await deploy()).code).toBe(0)
    expect(worker().settings['observability']).toMatchObject({ enabled: false })
  })

  it("F9: deploys in the button's first build, before its variables are there", async () => {
    const { code, output } = await deploy([], { env: { WORKERS_CI: '1' } })
    expect(output).toContain('no variable is deployed yet')
    expect(code).toBe(0)
    expect(contentsOf(deployment.cloudflare)).toEqual(ALL_ONCE)
    expect((await deploy([], { env: { WORKERS_CI: '1' } })).output).toContain('answers: down')
  })
})
