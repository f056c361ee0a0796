// The API about itself, made of the contract: GET /api/openapi.json (OpenAPI 3.1) and GET /llms.txt.
import { describeForModels } from '../../api/llms.ts'
import { reply } from '../../api/operation.ts'
import { describeApi } from '../../api/openapi.ts'
import { serviceApi } from '../../api/service.ts'
import type { Router } from '../router.ts'

const CACHED = { 'Cache-Control': 'public, max-age=300' }

export function openApiRoutes(router: Router, deps: { readonly config: { readonly version: string } }): void {
  let document: Readonly<Record<string, unknown>> | undefined
  router.public(serviceApi.getOpenApi, ({ origin }) => {
    document ??= describeApi(deps.config.version)
    const body = { openapi: '3.1.0', ...document, servers: [{ url: origin }] }
    return reply(200, body, CACHED)
  })
  router.public(
    serviceApi.getLlmsText,
    ({ origin }) =>
      new Response(describeForModels(origin), { headers: { 'Content-Type': 'text/plain; charset=utf-8', ...CACHED } }),
  )
}
