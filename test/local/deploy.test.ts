// `npm run deploy` with the real wrangler, against a stand-in of Cloudflare's API on this machine: a first and a second
// deployment, and what is refused before either. Its other ways are in test/matrix, every call failing in test/long.
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentsOf, VARIABLES } from '../support/deploy-command.ts'
import { ALL_ONCE, migrationFiles, useDeployment } from '../support/deployment.ts'

const deployment = useDeployment()
const { deploy, deployFile, changes, worker, appliedMigrations } = deployment

describe('npm run deploy', () => {
  it('F9: plans without touching anything, deploys from nothing, and changes nothing but the version the second time', async () => {
    const planned = await deployFile(VARIABLES, ['--plan'])
    expect(planned.output).toContain('make   D1 database lynxgate (DB)')
    expect(planned.output).toContain('make   KV namespace lynxgate-cache (CACHE)')
    expect(planned.output).toContain('make   R2 bucket lynxgate-media (MEDIA)')
    expect(planned.output).toContain('make   queue lynxgate-events (EVENTS)')
    expect(planned.output).toContain(`apply  ${migrationFiles().join(', ')}`)
    expect(planned.code).toBe(0)
    expect(changes()).toEqual([])

    const first = await deployFile()
    expect(first.output).toContain('answers: ok')
    expect(first.output).toContain('edge delivery: a signed URL is taken.')
    expect(first.code).toBe(0)
    expect(contentsOf(deployment.cloudflare)).toEqual(ALL_ONCE)
    expect(appliedMigrations()).toEqual(migrationFiles())
    expect(worker().secrets).toEqual({ CLERK_ISSUER: 'https://clerk.example.com', EDGE_SIGNING_SECRET: 'e'.repeat(32) })
    expect(first.output).not.toContain('e'.repeat(32))
    // Ids are beside wrangler.toml and not in it, secrets in neither.
    const generated = join(deployment.project.folder, 'wrangler.deploy.lynxgate.json')
    expect(first.output).toContain(generated)
    expect(readFileSync(generated, 'utf8')).toContain(deployment.cloudflare.account.databases[0]?.uuid)
    expect(readFileSync(generated, 'utf8')).not.toContain('e'.repeat(32))
    expect(readFileSync(deployment.project.config, 'utf8')).not.toContain(
      deployment.cloudflare.account.databases[0]?.uuid,
    )
    // What a version before answered is at no address of its own, and Cloudflare keeps no log.
    expect(worker().subdomain).toEqual({ enabled: true, previews_enabled: false })
    expect(worker().settings['observability']).toEqual({
      enabled: false,
      redact_query_string: true,
      logs: { enabled: false, invocation_logs: false },
      traces: { enabled: false },
    })

    const before = deployment.cloudflare.calls.length
    const second = await deploy()
    expect(second.code).toBe(0)
    expect(second.output).toContain('found  every migration applied')
    expect(second.output).toContain('keep   the secrets that are deployed')
    expect(second.output).toContain('Back: npm run deploy -- --rollback --config')
    expect(contentsOf(deployment.cloudflare)).toEqual(ALL_ONCE)
    expect(worker().versions).toHaveLength(2)
    expect(Object.keys(worker().secrets)).toEqual(['CLERK_ISSUER', 'EDGE_SIGNING_SECRET'])
    const made = deployment.cloudflare.calls.slice(before).filter(({ method, target }) => {
      return method === 'POST' && /\/(?:namespaces|buckets|database)$/.test(target)
    })
    expect(made).toEqual([])
  })

  it('F9: delivers values exactly, whatever is in them, and nothing that this terminal exports', async () => {
    const values = {
      CLERK_SECRET_KEY: String.raw`a$HOME$b #c "d" 'e' \n f`,
      CLERK_JWT_KEY: generateKeyPairSync('rsa', { modulusLength: 2048 })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString()
        .trim(),
      CLERK_AUTHORIZED_PARTIES: 'https://a.example',
      CORS_ORIGINS: 'https://b.example',
    }
    const lines = [
      '# a comment',
      ...VARIABLES,
      `CLERK_SECRET_KEY=${values.CLERK_SECRET_KEY}`,
      `CLERK_JWT_KEY="${values.CLERK_JWT_KEY.replaceAll('\n', '\\n')}"`,
      `  CLERK_AUTHORIZED_PARTIES = '${values.CLERK_AUTHORIZED_PARTIES}'  `,
      `CORS_ORIGINS=${values.CORS_ORIGINS}\r`,
      'CLERK_WEBHOOK_SECRET=',
    ]
    const file = deployment.project.variables(lines)
    const exported = { CLERK_ISSUER: 'https://exported.example.com', CORS_ORIGINS: 'https://exported.example.com' }
    const { code } = await deploy(['--secrets-file', file], { env: exported })
    expect(code).toBe(0)
    expect(worker().secrets).toEqual({
      CLERK_ISSUER: 'https://clerk.example.com',
      EDGE_SIGNING_SECRET: 'e'.repeat(32),
      ...values,
    })
  })
})

describe('npm run deploy, before it touches anything', () => {
  it('F9: refuses variables that the Worker would not start with, each by its name', async () => {
    const { code, output } = await deployFile([
      'CLERK_ISSUER=http://clerk.example.com/',
      'EDGE_SIGNING_SECRET=short',
      `CLERK_SECRET_KEY=${'x'.repeat(6000)}`,
      'LOCAL_CLIENT_FACTS=on',
    ])
    expect(code).toBe(1)
    expect(output).toContain('LOCAL_CLIENT_FACTS is for npm start only')
    expect(output).toContain('CLERK_ISSUER must be an https URL')
    expect(output).toContain('EDGE_SIGNING_SECRET must have at least 32 characters')
    expect(output).toContain('CLERK_SECRET_KEY is longer than 5120 bytes')
    expect(output).not.toMatch(/short|xxx|\n {4}at /)
    expect(deployment.cloudflare.calls).toEqual([])
  })

  it('F9: refuses a first deployment without variables, and notes a name that nothing reads', async () => {
    const { code, output } = await deploy()
    expect(code).toBe(1)
    expect(output).toContain('give its variables with --secrets-file')
    expect(output).toContain('CLERK_ISSUER is required')
    expect(changes()).toEqual([])

    const planned = await deployFile([...VARIABLES, 'CLERK_ISUER=https://typo.example.com'], ['--plan'])
    expect(planned.output).toContain('nothing reads CLERK_ISUER in this configuration')
  })

  it('F9: takes the file of variables away from other users of the machine', async () => {
    const file = deployment.project.variables(VARIABLES)
    chmodSync(file, 0o644)
    await deploy(['--secrets-file', file, '--plan'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it.each([
    [['--nonsense'], "Unknown option '--nonsense'"],
    [['--secrets-file', 'missing.env'], 'There is no file missing.env: cp docs/production.env.example missing.env'],
    [['--env', 'nowhere'], 'There is no [env.nowhere]'],
    [['--gradual', '100'], '--gradual must be a whole number from 1 to 99'],
    [['--promote', '--abort'], '--promote and --abort cannot be given together'],
    [['--location', 'mars'], '--location must be one of'],
  ])('F17: answers %j with a sentence and exit code 2', async (flags, sentence) => {
    const { code, output } = await deploy(flags)
    expect(output).toContain(sentence)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
    expect(deployment.cloudflare.calls).toEqual([])
  })
})
