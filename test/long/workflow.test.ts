// The workflow's deploy steps, run as a runner's shell would, against the stand-in of Cloudflare.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startCloudflare, type Cloudflare } from '../support/cloudflare/server.ts'
import { makeDeployProject, runShellAt, VARIABLES, type CommandRun } from '../support/deploy-command.ts'
import { copyProject } from '../support/project-copy.ts'

const FILE = '.github/workflows/ci.yml'

interface Step {
  readonly id?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Job {
  readonly env?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

const { jobs } = parse(readFileSync(FILE, 'utf8')) as { jobs: { deploy: Job } }

describe('the deploy job of the workflow', () => {
  let cloudflare: Cloudflare
  let copy = ''

  beforeAll(async () => {
    cloudflare = await startCloudflare()
    copy = prepareCopy()
  })
  afterAll(async () => {
    await cloudflare.stop()
    rmSync(copy, { recursive: true, force: true })
  })
  beforeEach(() => cloudflare.reset())

  /** With a Worker of one line, so that little is built. */
  function prepareCopy(): string {
    const folder = copyProject(['src', 'package.json', 'migrations'])
    const project = makeDeployProject()
    cpSync(project.folder, folder, { recursive: true })
    project.remove()
    return folder
  }

  /** The steps with a command, as the runner does them: each in a shell, by its condition, with outputs in a file. */
  async function runJob(): Promise<{ failed: boolean; ran: string[]; output: string }> {
    const outputs: Record<string, string> = {}
    const value = (text: string): string =>
      text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_all, expression: string) => {
        const [, id, name] = /^steps\.(\w+)\.outputs\.(\w+)$/.exec(expression) ?? []
        if (id !== undefined) return outputs[`${id}.${name}`] ?? ''
        return (
          { 'vars.DEPLOY_URL': cloudflare.url, 'vars.CLOUDFLARE_ACCOUNT_ID': cloudflare.account.id }[expression] ?? ''
        )
      })
    const values = (env: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(Object.entries(env).map(([name, text]) => [name, value(text)]))
    const ran: string[] = []
    let failed = false
    let output = ''
    for (const step of jobs.deploy.steps) {
      if (step.run === undefined || step.run === 'npm ci') continue
      if (!(step.if === undefined ? !failed : failed && isTrue(step.if, outputs))) continue
      const file = join(copy, `output-${ran.length}`)
      writeFileSync(file, '')
      const { CLOUDFLARE_API_TOKEN: _token, ...env } = values({ ...jobs.deploy.env, ...step.env })
      const result: CommandRun = await runShellAt(cloudflare, step.run, {
        cwd: copy,
        env: {
          ...env,
          GITHUB_OUTPUT: file,
          INIT_CWD: undefined,
          PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
        },
      })
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        const [name, ...rest] = line.split('=')
        if (step.id !== undefined && name) outputs[`${step.id}.${name}`] = rest.join('=')
      }
      ran.push(step.run)
      output += result.output
      failed ||= result.code !== 0
    }
    return { failed, ran, output }
  }

  function isTrue(condition: string, outputs: Readonly<Record<string, string>>): boolean {
    const [, id, name] = /^failure\(\) && steps\.(\w+)\.outputs\.(\w+) != ''$/.exec(condition) ?? []
    if (id === undefined) throw new Error(`a condition that this test cannot decide: ${condition}`)
    return (outputs[`${id}.${name}`] ?? '') !== ''
  }

  it('F9: deploys as the operator did, and makes the version before live again when the new one is down', async () => {
    const missing = await runJob()
    expect(missing.failed).toBe(true)
    expect(missing.output).toContain('give its variables with --secrets-file')
    expect(missing.ran).toHaveLength(2)

    writeFileSync(join(copy, 'production.env'), VARIABLES.join('\n'), { mode: 0o600 })
    const line = `npm run deploy -- --secrets-file production.env --url ${cloudflare.url}`
    expect((await runShellAt(cloudflare, line, { cwd: copy, env: { INIT_CWD: undefined } })).code).toBe(0)
    const worker = cloudflare.account.workers.get('lynxgate')

    const good = await runJob()
    expect(good.output).toContain('Deployed lynxgate.')
    expect(good.failed).toBe(false)
    expect(worker?.versions).toHaveLength(2)
    const [, second] = worker?.versions ?? []

    cloudflare.health = { status: 503, body: { status: 'down', checks: { database: 'down' } } }
    const bad = await runJob()
    expect(bad.failed).toBe(true)
    expect(bad.output).toContain(`${second?.id} is live again.`)
    expect(worker?.versions).toHaveLength(3)
    expect(worker?.live).toEqual([second])

    // It fails before anything is live: there is nothing to go back from, and nothing goes back.
    cloudflare.faults.push({ matches: ({ method }) => method === 'POST', failure: 400, times: 99 })
    const before = await runJob()
    expect(before.output).toContain('is live already')
    expect(worker?.live).toEqual([second])
    expect(cloudflare.unknown).toEqual([])
  })
})
