// Whose key it is, and whether it may do all that an upload needs: asked before hours of encoding, and changing nothing.
import { randomUUID } from 'node:crypto'
import { parseUserId, type UserId } from '../../../core/auth/principal.ts'
import { thumbnailKey } from '../../../core/storage/media-key.ts'
import type { Client, Result } from '../../../client/client.ts'
import { isRecord } from '../../../core/json.ts'
import { MAX_OBJECT_BYTES } from '../../../core/storage/media-type.ts'
import { MAX_EDGE_PART_BYTES, MAX_PARTED_BYTES, maxObjectBytes } from '../../../core/storage/parts.ts'
import { ApiRefusal, takeField, type Api } from './api.ts'
import { UploadProblem } from '../problem.ts'

const UNUSED_ID = '00000000-0000-4000-8000-000000000000'

export interface Account {
  readonly userId: UserId
  /** The largest object that the service takes. */
  readonly largestBytes: number
}

/** A refused key or one that lacks a scope is a problem. */
export async function checkAccount(
  api: Api,
  { isShared, isPrivate }: { readonly isShared: boolean; readonly isPrivate: boolean },
): Promise<Account> {
  const userId = ownerOf(await api.ask((client) => client.getCaller()))
  if (userId === undefined) throw new UploadProblem('The service names no user for this key: is it lynxgate?')
  const storage = await askToStore(api, userId)
  const [toList, toChange, toShare, toSign] = await Promise.all([
    scopeMissing(api, (client) => client.listFiles({ limit: 1 })),
    scopeMissing(api, (client) => client.updateVideo({ job_id: UNUSED_ID, name: 'nobody’s' })),
    isShared ? scopeMissing(api, (client) => client.deleteSharedReport({ report: UNUSED_ID })) : undefined,
    isPrivate ? scopeMissing(api, (client) => client.createPlaybackToken({ job_id: UNUSED_ID })) : undefined,
  ])
  const scopes = [toList, storage.missingScope, toChange, toShare, toSign].filter((scope) => scope !== undefined)
  if (scopes.length > 0) {
    const what = scopes.length === 1 ? 'scope' : 'scopes'
    throw new UploadProblem(
      `The key in LYNXGATE_KEY lacks the ${what} ${scopes.join(', ')}: use one that has all it needs.`,
    )
  }
  return { userId, largestBytes: storage.largestBytes }
}

/** Whose folder it is: the workspace's; a service from before workspaces names none. */
function ownerOf(caller: Result<'getCaller'>): UserId | undefined {
  const workspace: unknown = caller.workspace
  return parseUserId(isRecord(workspace) ? String(workspace['id']) : takeField(caller, 'user_id'))
}

/** Asks for the largest single PUT there is: a service that takes less takes parts through the Worker. */
async function askToStore(
  api: Api,
  userId: UserId,
): Promise<{ missingScope: string | undefined; largestBytes: number }> {
  try {
    const body = { keys: [thumbnailKey(userId, randomUUID())], file_size: MAX_OBJECT_BYTES }
    await api.ask((client) => client.createUploadUrls(body))
    return { missingScope: undefined, largestBytes: MAX_PARTED_BYTES }
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    const { missingScope } = error
    const limit = /^file_size: must be at most (\d+)/.exec(error.detail)?.[1]
    if (missingScope === undefined && limit === undefined) throw error
    return { missingScope, largestBytes: limit === undefined ? MAX_PARTED_BYTES : maxObjectBytes(MAX_EDGE_PART_BYTES) }
  }
}

/** The scope is looked at before anything else, so a request about nothing tells of it. */
async function scopeMissing(api: Api, call: (client: Client) => Promise<unknown>): Promise<string | undefined> {
  try {
    await api.ask(call)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    if (error.status === 404) return undefined
    if (error.missingScope === undefined) throw error
    return error.missingScope
  }
}
