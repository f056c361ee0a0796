// GET /api/openapi.json: OpenAPI 3.1, generated from the routes' own declarations.
import { describeApi } from '../openapi.ts'
import type { Router } from '../router.ts'

export function openApiRoutes(router: Router, deps: { readonly config: { readonly version: string } }): void {
  let document: object | undefined
  router.add(
    {
      method: 'GET',
      path: '/api/openapi.json',
      tag: 'Service',
      summary: 'This API, described (OpenAPI 3.1)',
      access: 'public',
      answers: { 200: { description: 'The document', contentType: 'application/json' } },
    },
    ({ c, origin }) => {
      document ??= describeApi(router.specs, deps.config.version)
      c.header('Cache-Control', 'public, max-age=300')
      return c.json({ ...document, servers: [{ url: origin }] })
    },
  )
}
