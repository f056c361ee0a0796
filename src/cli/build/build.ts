// Makes what is not committed: src/web bundled for the browser into public/assets, and the playlist signer.
// Quiet when all is well; needs no network.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { explainBuildError } from './build-problem.ts'
import { buildSigner } from './signer-build.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const outputFolder = join(root, 'public/assets')
const hlsFolder = join(root, 'node_modules/hls.js')

/**
 * The one script that is loaded later, where a browser needs it: hls.js. Its name is fixed like all others. A name with
 * a hash would be unknown to every other version, and during a gradual deployment two of them answer in turn.
 */
const LATER = 'hls-engine'

/** A bundle of its own for what is imported later: esbuild names the chunks that it splits off itself by their hash. */
const importedLater: Plugin = {
  name: 'imported later',
  setup(build) {
    build.onResolve({ filter: new RegExp(`/${LATER}\\.ts$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${LATER}.js`, external: true } : undefined,
    )
  },
}

/** Every file of public/assets by name. All names are fixed, and the server's ETag tells a browser what is new. */
async function bundle(): Promise<Map<string, Uint8Array>> {
  const { build } = await import('esbuild')
  const result = await build({
    absWorkingDir: root,
    entryPoints: [
      'src/web/pages/watch.ts',
      'src/web/pages/watch.css',
      'src/web/pages/report.ts',
      'src/web/pages/report.css',
      'src/web/pages/theme.css',
      `src/web/player/${LATER}.ts`,
    ],
    outdir: outputFolder,
    plugins: [importedLater],
    bundle: true,
    format: 'esm',
    target: ['es2022', 'safari16'],
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  })
  const files = new Map(result.outputFiles.map((file) => [basename(file.path), file.contents]))
  const worker = await readFile(join(hlsFolder, 'dist/hls.worker.js'), 'utf8')
  files.set('hls.worker.js', new TextEncoder().encode(worker.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')))
  files.set('hls.LICENSE.txt', await readFile(join(hlsFolder, 'LICENSE')))
  return files
}

/** Writes what differs and removes what is no longer made, so that a watcher of the folder sees real changes only. */
async function publish(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(outputFolder, { recursive: true })
  for (const name of await readdir(outputFolder)) {
    if (!files.has(name)) await rm(join(outputFolder, name), { recursive: true })
  }
  for (const [name, contents] of files) {
    const path = join(outputFolder, name)
    const present = await readFile(path).catch(() => undefined)
    if (present === undefined || !present.equals(contents)) await writeFile(path, contents)
  }
}

try {
  await publish(await bundle())
  await buildSigner()
} catch (error) {
  console.error(`build: ${explainBuildError(error)}`)
  process.exitCode = 1
}
