// Makes `lynxgate/client`, what package.json exports: the typed client as one module and its types, in dist/client.
// Quiet when all is well; needs no network.
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { explainBuildError } from '../build/build-problem.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const outputFolder = join(root, 'dist/client')

async function bundle(): Promise<void> {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/client/client.ts'],
    outdir: outputFolder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  })
}

/** Of the client and of all that its types are derived from. */
async function declare(): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const project = join(root, 'src/client/tsconfig.package.json')
  await promisify(execFile)(process.execPath, [compiler, '-p', project]).catch(
    ({ stdout = '' }: { stdout?: string }) => {
      throw new Error(stdout.trim().split('\n')[0] || 'typescript is missing: run npm install')
    },
  )
}

try {
  await rm(outputFolder, { recursive: true, force: true })
  await Promise.all([bundle(), declare()])
} catch (error) {
  console.error(`build-client: ${explainBuildError(error)}`)
  process.exitCode = 1
}
