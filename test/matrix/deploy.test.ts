// `npm run deploy` in all of its ways, with the real wrangler against a stand-in of Cloudflare's API on this machine. Every
// call failing in every way, plans that lack something and gradual deployments are in test/long.
import { describe, expect, it } from 'vitest'
import { contentsOf, runCommandAt, VARIABLES } from '../support/deploy-command.ts'
import { ALL_ONCE, environmentOf, migrationFiles, useDeployment } from '../support/deployment.ts'

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
  it('F9: deploys two environments beside each other, with the block that README shows, and shares no data', async () => {
    deployment.project.change((toml) => `${toml}\n${environmentOf('production')}\n${environmentOf('staging')}`)
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
})

describe('npm run deploy, interrupted', () => {
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
