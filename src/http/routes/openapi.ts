// GET /api/openapi.json: OpenAPI 3.1, made of the contract.
import { reply } from '../../api/operation.ts'
import { describeApi } from '../../api/openapi.ts'
import { serviceApi } from '../../api/service.ts'
import type { Router } from '../router.ts'

export function openApiRoutes(router: Router, deps: { readonly config: { readonly version: string } }): void {
  let document: Readonly<Record<string, unknown>> | undefined
  router.public(serviceApi.getOpenApi, ({ origin }) => {
    document ??= describeApi(deps.config.version)
    const body = { openapi: '3.1.0', ...document, servers: [{ url: origin }] }
    return reply(200, body, { 'Cache-Control': 'public, max-age=300' })
  })
}
