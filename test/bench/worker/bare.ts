// A Hono app that returns what it was given and does nothing else: what a request without I/O costs.
import { Hono } from 'hono'

let bytes = new Uint8Array()
let headers: Record<string, string> = {}
let location = ''
const SEGMENT_ADDRESS = 'https://bench.example.com/segment'

const app = new Hono()
app.post('/load', async (c) => {
  bytes = new Uint8Array(await c.req.arrayBuffer())
  headers = JSON.parse(c.req.header('X-Headers') ?? '{}') as Record<string, string>
  location = c.req.header('X-Location') ?? ''
  return c.body(null, 204)
})
app.get('/playlist', () => new Response(bytes, { headers, encodeBody: 'manual' }))
app.post('/load-segment', async (c) => {
  const stored = new Response(await c.req.arrayBuffer(), {
    headers: {
      ...(JSON.parse(c.req.header('X-Headers') ?? '{}') as Record<string, string>),
      'Cache-Control': 'max-age=3600',
    },
  })
  await (await caches.open('bench')).put(SEGMENT_ADDRESS, stored)
  return c.body(null, 204)
})
app.get('/segment', async (c) => (await (await caches.open('bench')).match(SEGMENT_ADDRESS)) ?? c.body(null, 404))
app.get('/unchanged', (c) => c.body(null, 304, headers))
app.get('/redirect', (c) => c.redirect(location, 302))

export default app
