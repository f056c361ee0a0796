// README, Deploy, followed word by word in a copy of this project, with the real Worker, against the stand-in of
// Cloudflare. Only the login is left out, which opens a browser: a token is set instead, as the line says.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../support/cloudflare/account.ts'
import { startCloudflare, type Cloudflare } from '../support/cloudflare/server.ts'
import { contentsOf, runShellAt } from '../support/deploy-command.ts'
import { copyProject } from '../support/project-copy.ts'

let cloudflare: Cloudflare
let copy = ''

beforeAll(async () => {
  cloudflare = await startCloudflare()
  copy = copyProject(['src', 'public', 'docs', 'migrations', 'package.json', 'tsconfig.json', 'wrangler.toml'])
})
afterAll(async () => {
  await cloudflare.stop()
  rmSync(copy, { recursive: true, force: true })
})

async function shell(line: string) {
  return await runShellAt(cloudflare, line, {
    cwd: copy,
    env: {
      INIT_CWD: undefined,
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      // Nothing but this machine is there: the address at workers.dev answers as if it were not known yet.
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      NO_PROXY: '127.0.0.1,localhost',
    },
  })
}

describe('README, Deploy', () => {
  const [, section = ''] = /\n## Deploy\n([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8')) ?? []
  const [, block = ''] = /```\n([\s\S]*?)```/.exec(section) ?? []
  const lines = block.trim().split('\n')

  it('F9: leads from nothing to a deployed service with a key, as it is written', async () => {
    expect(lines).toHaveLength(5)
    const [login = '', copyFile = '', deploy = '', key = '', doctor = ''] = lines
    expect(login).toMatch(/^npx wrangler login {2,}# or: export CLOUDFLARE_API_TOKEN=…$/)

    expect((await shell(copyFile)).code).toBe(0)
    const file = join(copy, 'production.env')
    const names = ['CLERK_ISSUER', 'EDGE_SIGNING_SECRET']
    for (const name of names) expect(copyFile).toContain(name)
    const filledIn = readFileSync(file, 'utf8').replace(
      /^EDGE_SIGNING_SECRET=$/m,
      `EDGE_SIGNING_SECRET=${'e'.repeat(64)}`,
    )
    writeFileSync(file, filledIn)

    const deployed = await shell(deploy)
    expect(deployed.output).toContain('Deployed lynxgate.')
    expect(deployed.output).toContain('Nothing answers at https://lynxgate.example.workers.dev yet: npm run doctor')
    expect(deployed.code).toBe(0)
    const { account } = cloudflare
    expect(contentsOf(cloudflare)).toMatchObject({ databases: ['lynxgate'], workers: ['lynxgate'] })
    expect(Object.keys(account.workers.get('lynxgate')?.secrets ?? {})).toEqual(names)
    expect(account.workers.get('lynxgate')?.newest?.metadata['compatibility_date']).toMatch(/^2026-/)

    const made = await shell(key.replace('<your Clerk id>', 'user_operator'))
    expect(made.output).toMatch(/lvz_live_[0-9a-f]{64}/)
    expect(made.code).toBe(0)
    const [database] = account.databases
    expect(database && runSql(database, 'SELECT count(*) AS n FROM api_keys')).toEqual([[{ n: 1 }]])

    const examined = await shell(doctor.replace('<your-subdomain>', 'example'))
    expect(examined.output).toContain('BAD  service: no lynxgate answers at https://lynxgate.example.workers.dev')
    expect(examined.output).toContain('ok   secrets: deployed as in the file: CLERK_ISSUER, EDGE_SIGNING_SECRET')
    expect(examined.output).toContain('ok   migrations: all applied')

    // Ids stay out of the repository.
    expect(existsSync(join(copy, 'wrangler.deploy.lynxgate.json'))).toBe(true)
    expect(readFileSync('.gitignore', 'utf8')).toContain('wrangler.deploy.*.json')
    expect(cloudflare.unknown).toEqual([])
  })
})
