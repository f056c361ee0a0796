// What the type checker refuses of the client's users: each expected error must be one, or `npm run typecheck` fails.
import { createClient as createExported } from 'lynxgate/client'
import { describe, expectTypeOf, it } from 'vitest'
import { createClient, type Client } from '../../src/client/client.ts'

/** Never called: it is the compiler that reads these. */
export async function misused(client: Client): Promise<void> {
  // @ts-expect-error A field that the operation does not know.
  await client.createApiKey({ nme: 'laptop' })
  // @ts-expect-error A field of another type.
  await client.createApiKey({ name: 7 })
  // @ts-expect-error A required field is missing.
  await client.createApiKey({})
  // @ts-expect-error A required path parameter is missing.
  await client.getVideo()
  // @ts-expect-error Not one of the statuses.
  await client.updateVideo({ job_id: 'x', status: 'done' })
  // @ts-expect-error The walk names the cursors itself.
  client.eachVideo({ cursor: 'x' })
  // @ts-expect-error Bytes that cannot be sent.
  await client.upload({ key: 'a.mp4', body: 'text', contentType: 'video/mp4' })
  // @ts-expect-error A field that the answer does not have.
  void (await client.getCaller()).email
  // @ts-expect-error A stream is no JSON operation.
  await client.uploadEngineVideo({})
  // @ts-expect-error Either a key or a way to a token.
  createClient({ baseUrl: 'https://api.example.com', key: 'lvz_live_x', getToken: async () => null })
}

/** The same of what package.json exports. */
export async function misusedFromThePackage(): Promise<void> {
  const client = createExported({ baseUrl: 'https://api.example.com', key: 'lvz_live_x' })
  // @ts-expect-error A field that the operation does not know.
  await client.createApiKey({ nme: 'laptop' })
  // @ts-expect-error A field that the answer does not have.
  void (await client.getCaller()).email
}

describe('the types of lynxgate/client', () => {
  it('are those of the source', () => {
    expectTypeOf(createExported).parameters.toEqualTypeOf<Parameters<typeof createClient>>()
    expectTypeOf<ReturnType<typeof createExported>['createApiKey']>().toEqualTypeOf<Client['createApiKey']>()
    expectTypeOf<ReturnType<typeof createExported>['listVideos']>().toEqualTypeOf<Client['listVideos']>()
  })
})
