// `npm run deploy` in all of its ways, with the real wrangler against a stand-in of Cloudflare's API on this machine; one
// failure of each kind of call. Every call failing in every way is in test/long.
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { contentsOf, runCommandAt, VARIABLES } from '../support/deploy-command.ts'
import { ALL_ONCE, migrationFiles, useDeployment } from '../support/deployment.ts'

const deployment = useDeployment()
const { deploy, deployFile, changes, worker, appliedMigrations } = deployment

describe('npm run deploy', () => {
  it('F9: applies a new migration before the code that needs it, and says which ones were applied when one fails', async () => {
    await deployFile()
    deployment.project.addMigration('9000_good.sql', 'CREATE TABLE good (id TEXT PRIMARY KEY NOT NULL);')
    deployment.project.addMigration('9001_bad.sql', 'CREATE TABLE good (id TEXT PRIMARY KEY NOT NULL);')
    const failed = await deploy()
    expect(failed.code).toBe(1)
    expect(failed.output).toContain('The migration 9001_bad.sql was not applied:')
    expect(failed.output).toContain('already exists')
    expect(failed.output).toContain('Applied before it: 9000_good.sql, and the Worker was not touched.')
    expect(worker().versions).toHaveLength(1)

    deployment.project.addMigration('9001_bad.sql', 'CREATE TABLE better (id TEXT PRIMARY KEY NOT NULL);')
    const again = await deploy()
    expect(again.output).toContain('apply  9001_bad.sql')
    expect(again.code).toBe(0)
    expect(appliedMigrations()).toEqual([...migrationFiles(), '9000_good.sql', '9001_bad.sql'])
  })

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

  it('F9: says in one sentence what the account lacks: one of two accounts, a subdomain, R2, permissions', async () => {
    const file = deployment.project.variables(VARIABLES)
    const sentenceOf = async (): Promise<string> => {
      const { code, output } = await deploy(['--secrets-file', file])
      expect(code).toBe(1)
      expect(output.trim().split('\n')).toHaveLength(1)
      expect(changes()).toEqual([])
      return output
    }
    deployment.cloudflare.account.otherAccounts.push({ id: 'f'.repeat(32), name: 'Second Ltd' })
    const { id } = deployment.cloudflare.account
    expect(await sentenceOf()).toMatch(
      `Set CLOUDFLARE_ACCOUNT_ID to one of: ${id} (Example Ltd), ${'f'.repeat(32)} (Second Ltd).`,
    )
    expect((await deploy(['--secrets-file', file, '--plan'], { env: { CLOUDFLARE_ACCOUNT_ID: id } })).code).toBe(0)

    deployment.cloudflare.reset()
    deployment.cloudflare.account.subdomain = undefined
    expect(await sentenceOf()).toMatch(/^This account has no workers\.dev subdomain yet: choose one at https:\/\//)

    deployment.cloudflare.reset()
    deployment.cloudflare.account.isR2On = false
    expect(await sentenceOf()).toMatch(/^R2 is off in this account: switch it on at https:\/\//)

    deployment.cloudflare.reset()
    deployment.cloudflare.faults.push({
      matches: ({ target }) => target.includes('/d1/'),
      failure: 403,
      code: 10_000,
      message: 'Authentication error',
    })
    expect(await sentenceOf()).toContain('An API token needs "D1: Edit"')

    deployment.cloudflare.reset()
    const { code, output } = await deploy(['--secrets-file', file], { env: { CLOUDFLARE_API_TOKEN: undefined } })
    expect([code, output.trim()]).toEqual([1, 'Log in first: npx wrangler login, or set CLOUDFLARE_API_TOKEN.'])
  })
})

describe('npm run deploy with environments', () => {
  /** The block that README shows, whole. */
  const block = (name: string): string => {
    const [, toml = ''] = /```toml\n(\[env\.production\][\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
    return toml
      .replaceAll('production', name)
      .replaceAll('"82', name === 'production' ? '"82' : '"83')
      .replace(/^routes = .*$/m, name === 'production' ? '$&' : '')
  }

  it('F9: deploys two environments beside each other, with the block that README shows, and shares no data', async () => {
    deployment.project.change((toml) => `${toml}\n${block('production')}\n${block('staging')}`)
    const file = deployment.project.variables(VARIABLES)
    const production = await deploy(['--env', 'production', '--secrets-file', file])
    expect(production.code).toBe(0)
    const staging = await deploy(['--secrets-file', file], { env: { CLOUDFLARE_ENV: 'staging' } })
    expect(staging.code).toBe(0)
    expect(contentsOf(deployment.cloudflare)).toEqual({
      databases: ['lynxgate-production', 'lynxgate-staging'],
      namespaces: ['lynxgate-production-cache', 'lynxgate-staging-cache'],
      buckets: ['lynxgate-production-media', 'lynxgate-staging-media'],
      queues: [
        'lynxgate-production-events',
        'lynxgate-production-plays',
        'lynxgate-staging-events',
        'lynxgate-staging-plays',
      ],
      workers: ['lynxgate-production', 'lynxgate-staging'],
    })
    expect(appliedMigrations('lynxgate-staging')).toEqual(migrationFiles())
    const bound = (name: string) => JSON.stringify(worker(name).newest?.bindings)
    expect(bound('lynxgate-staging')).toContain('lynxgate-staging-media')
    expect(bound('lynxgate-staging')).not.toContain('production')
    expect(worker('lynxgate-staging').settings['observability']).toMatchObject({ enabled: false })
    const planned = await runCommandAt(deployment.cloudflare, [
      'deploy',
      '--config',
      deployment.project.config,
      '--env',
      'production',
      '--plan',
    ])
    expect(planned.output).toContain('deploy the Worker, at https://api.example.com')
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
      (toml) => `${toml}\n${block('twin').replace('"lynxgate-twin-media"', '"lynxgate-media"')}`,
    )
    const twin = await deploy(['--env', 'twin', '--secrets-file', file])
    expect(twin.output).toContain('the top level stores in the same R2 bucket lynxgate-media')
    expect(twin.code).toBe(2)
    expect(deployment.cloudflare.calls).toEqual([])
    expect((await deploy(['--env', 'twin', '--shared-data', '--secrets-file', file, '--plan'])).code).toBe(0)
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
})

describe('npm run deploy, interrupted', () => {
  /** Each way to fail, at another step; test/long fails every call in every way. */
  it.each([
    ['the answer to a made database is lost', 'POST /accounts/ACCOUNT/d1/database', 'lost'],
    ['a migration is cut off', /^POST .*\/query$/, 'cut'],
    ['the upload is refused', /^PUT .*\/workers\/scripts\/lynxgate\?/, 400],
  ] as const)('F9: %s: the same command again ends deployed, with everything once', async (_what, call, failure) => {
    const name = ({ method, target }: { method: string; target: string }) => `${method} ${target}`
    deployment.cloudflare.faults.push({
      matches: (made) => (typeof call === 'string' ? name(made) === call : call.test(name(made))),
      failure,
    })
    const first = await deployFile()
    expect(deployment.cloudflare.faults[0]?.times).toBe(0)
    expect(first.output).not.toMatch(/\n {4}at /)
    const again = first.code === 0 ? first : await deployFile()
    expect(again.output).toContain('Deployed lynxgate.')
    expect(again.code).toBe(0)
    expect(contentsOf(deployment.cloudflare)).toEqual(ALL_ONCE)
    expect(appliedMigrations()).toEqual(migrationFiles())
  })

  it('F9: Ctrl-C ends wrangler too, leaves no secret on disk, and the same command again finishes', async () => {
    let kill: (signal: NodeJS.Signals) => void = () => undefined
    deployment.cloudflare.onCall = ({ target }) => {
      if (target.includes('/query')) kill('SIGINT')
    }
    const file = deployment.project.variables(VARIABLES)
    const { code, output } = await deploy(['--secrets-file', file], { onStart: (end) => (kill = end) })
    expect(output).toContain('Interrupted (SIGINT).')
    expect(code).toBe(130)
    deployment.cloudflare.onCall = undefined
    const callsThen = deployment.cloudflare.calls.length
    const again = await deployFile()
    expect(again.code).toBe(0)
    expect(callsThen).toBeGreaterThan(0)
    expect(contentsOf(deployment.cloudflare)).toEqual(ALL_ONCE)
  })
})
