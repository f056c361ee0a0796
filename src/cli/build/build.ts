// Makes what is not committed: src/web bundled for the browser into public, and the playlist signer.
// Quiet when all is well; needs no network.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { explainBuildError } from './build-problem.ts'
import { buildConsole } from './console-build.ts'
import { mediaChromeStyles } from './media-chrome-styles.ts'
import { publish } from './publish.ts'
import { buildSigner } from './signer-build.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const outputFolder = join(root, 'public/assets')

/**
 * The one script that is loaded later, where a browser needs it: hls.js. Its name is fixed like all others. A name with
 * a hash would be unknown to every other version, and during a gradual deployment two of them answer in turn.
 */
const LATER = 'hls-engine'

/** What that script and the others agree on. Other versions of these files make another version of the address. */
const AGREED = ['src/web/player/player-engine.ts', 'src/web/player/texts/en.ts']

/** A bundle of its own for what is imported later: esbuild names the chunks that it splits off itself by their hash. */
function importedLater(version: string): Plugin {
  return {
    name: 'imported later',
    setup(build) {
      build.onResolve({ filter: new RegExp(`/${LATER}\\.ts$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${LATER}.js?v=${version}`, external: true } : undefined,
      )
    },
  }
}

async function interfaceVersion(): Promise<string> {
  const texts = await Promise.all(AGREED.map((path) => readFile(join(root, path), 'utf8')))
  return createHash('sha256').update(texts.join('\n').replaceAll('\r', '')).digest('hex').slice(0, 10)
}

/** A style sheet as text, for a shadow root: `./player.css?text`. */
const cssText: Plugin = {
  name: 'css text',
  setup(build) {
    build.onResolve({ filter: /\.css\?text$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\?text$/, '')),
      namespace: 'css-text',
    }))
    build.onLoad({ filter: /.*/, namespace: 'css-text' }, async ({ path }) => {
      const { code } = await build.esbuild.transform(await readFile(path, 'utf8'), { loader: 'css', minify: true })
      return { contents: code, loader: 'text' }
    })
  },
}

/** Every file of public/assets by name. All names are fixed, and the server's ETag tells a browser what is new. */
async function bundle(): Promise<Map<string, Uint8Array>> {
  const { build } = await import('esbuild')
  const version = await interfaceVersion()
  const result = await build({
    absWorkingDir: root,
    entryPoints: [
      'src/web/pages/watch.ts',
      'src/web/pages/watch.css',
      'src/web/pages/embed.ts',
      'src/web/pages/report.ts',
      'src/web/pages/report.css',
      'src/web/pages/reference.ts',
      'src/web/pages/reference.css',
      'src/web/pages/theme.css',
      'src/web/player/lynx-player.ts',
      { in: 'src/web/packager/worker/worker.ts', out: 'packager-worker' },
      `src/web/player/${LATER}.ts`,
    ],
    outdir: outputFolder,
    plugins: [importedLater(version), mediaChromeStyles, cssText],
    define: { PLAYER_INTERFACE: JSON.stringify(version) },
    bundle: true,
    format: 'esm',
    target: ['es2022', 'safari16'],
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  })
  const files = new Map(result.outputFiles.map((file) => [basename(file.path), file.contents]))
  for (const [name, source] of COPIED) {
    files.set(name, withoutMapComment(await readFile(join(root, 'node_modules', source), 'utf8')))
  }
  return files
}

/** As they are published: hls.js' worker, and the API reference. */
const COPIED = [
  ['hls.worker.js', 'hls.js/dist/hls.worker.js'],
  ['hls.LICENSE.txt', 'hls.js/LICENSE'],
  ['media-chrome.LICENSE.txt', 'media-chrome/LICENSE'],
  ['mediabunny.LICENSE.txt', 'mediabunny/LICENSE'],
  ['swagger-ui.js', 'swagger-ui-dist/swagger-ui-bundle.js'],
  ['swagger-ui.css', 'swagger-ui-dist/swagger-ui.css'],
  ['swagger-ui.LICENSE.txt', 'swagger-ui-dist/LICENSE'],
] as const

/** The maps are not published. */
function withoutMapComment(text: string): Uint8Array {
  return new TextEncoder().encode(text.replace(/\n(?:\/\/|\/\*)# sourceMappingURL=.*\s*$/, '\n'))
}

try {
  await publish(outputFolder, await bundle())
  await buildConsole(root)
  await buildSigner()
} catch (error) {
  console.error(`build: ${explainBuildError(error)}`)
  process.exitCode = 1
}
