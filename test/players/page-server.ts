// The page that holds the players: bundled once, served from a loopback port of its own or put on another origin.
import { build } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export interface PageServer {
  /** `http://localhost:port/` of the page. */
  readonly url: string
  readonly html: string
  stop(): Promise<void>
}

/** Page and script are one document, so that either origin serves the very same bytes. */
export async function startPageServer(): Promise<PageServer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page/lab.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    target: 'chrome120',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'error',
  })
  const script = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script')
  const style = await readFile(createRequire(import.meta.url).resolve('video.js/dist/video-js.css'), 'utf8')
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Players</title><link rel="icon" href="data:,">' +
    `<style>${style} body { margin: 8px; background: #333 }</style><body><script>${script}</script></body></html>`
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    html,
    async stop() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
