// What somebody gets who adds this package to a project of their own: it is packed as npm publishes it, put where npm
// would put it, and their compiler, with nothing of this project's settings, reads its types and runs its code.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyProject } from '../support/project-copy.ts'

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }

const CONSUMER = `
import { createClient, LynxgateError, type Result } from 'lynxgate/client'

const client = createClient({ baseUrl: 'https://api.example.com', key: 'lvz_live_x', fetch: answer })

async function answer(): Promise<Response> {
  return Response.json({ detail: 'Video not found' }, { status: 404 })
}

export async function names(): Promise<string[]> {
  const found: string[] = []
  for await (const video of client.eachVideo({ status: 'completed' })) found.push(video.name)
  return found
}

export type Caller = Result<'getCaller'>

export function misused(caller: Caller): void {
  // @ts-expect-error A required path parameter is missing.
  void client.getVideo()
  // @ts-expect-error Not one of the statuses.
  void client.listVideos({ status: 'done' })
  // @ts-expect-error A field that the answer does not have.
  void caller.email
}

const problem: unknown = await client.getVideo({ job_id: crypto.randomUUID() }).catch((error: unknown) => error)
console.log(problem instanceof LynxgateError && [problem.status, problem.detail].join(' '))
`

let copy = ''
let consumer = ''

beforeAll(() => {
  copy = copyProject(['src', 'package.json', 'tsconfig.json', 'CHANGELOG.md'])
  consumer = mkdtempSync(join(tmpdir(), 'lynxgate-consumer-'))
  // What npm runs before it packs; the pages are none of a consumer's business.
  execFileSync(process.execPath, ['src/cli/run.mjs', 'build-client'], { cwd: copy })
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', consumer], { cwd: copy })
  const installed = join(consumer, 'node_modules/lynxgate')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', 'lynxgate-0.1.0.tgz', '-C', installed, '--strip-components=1'], { cwd: consumer })
  for (const name of Object.keys(dependencies)) {
    const place = join(consumer, 'node_modules', name)
    mkdirSync(join(place, '..'), { recursive: true })
    symlinkSync(resolve('node_modules', name), place)
  }
  writeFileSync(join(consumer, 'package.json'), '{"type":"module"}')
  writeFileSync(join(consumer, 'index.ts'), CONSUMER)
}, 180_000)
afterAll(() => {
  rmSync(copy, { recursive: true, force: true })
  rmSync(consumer, { recursive: true, force: true })
})

describe('lynxgate/client in a project of its own', () => {
  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('is read whole by a strict compiler, module %s, resolution %s', (module, moduleResolution) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
    }
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }))
    expect(compile()).toBe('')
  })

  it('runs in Node as it is', () => {
    expect(execFileSync(process.execPath, ['index.ts'], { cwd: consumer, encoding: 'utf8' })).toBe(
      '404 Video not found\n',
    )
  })
})

/** What the compiler objects to. */
function compile(): string {
  try {
    return execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc')], {
      cwd: consumer,
      encoding: 'utf8',
    })
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout)
    throw error
  }
}
