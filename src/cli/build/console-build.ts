// Bundles the console: what it begins with under fixed names, and parts that are loaded when they are asked for.
import { basename, join } from 'node:path'
import { publish } from './publish.ts'

/**
 * Into public/console/assets. Parts are named by a hash of their content, so that browsers keep them for good; one that
 * another version of the service does not have makes the console offer to load itself again.
 */
export async function buildConsole(root: string): Promise<void> {
  const { build } = await import('esbuild')
  const outdir = join(root, 'public/console/assets')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { console: 'src/web/console/console.tsx' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    chunkNames: '[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: ['es2022', 'safari16'],
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  })
  const styles = await build({
    absWorkingDir: root,
    entryPoints: ['src/web/console/console.css'],
    outdir,
    bundle: true,
    target: ['es2022', 'safari16'],
    minify: true,
    write: false,
    logLevel: 'silent',
  })
  const files = [...outputFiles, ...styles.outputFiles]
  await publish(outdir, new Map(files.map((file) => [basename(file.path), file.contents])))
}
