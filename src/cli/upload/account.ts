// Whose key it is, and whether it may do all that an upload needs: asked before hours of encoding, and changing nothing.
import { thumbnailKey } from '../../core/storage/media-key.ts'
import { ApiRefusal, takeField, type Api } from './api.ts'
import { UploadProblem } from './problem.ts'

const NOBODYS_ID = '00000000-0000-4000-8000-000000000000'

/** The user's id; a refused key or one that lacks a scope is a problem. */
export async function checkAccount(api: Api, isShared: boolean): Promise<string> {
  const userId = takeField(await api.call('GET', '/api/me'), 'user_id')
  const missing = await Promise.all([
    scopeMissing(api, 'GET', '/api/storage/files?limit=1'),
    scopeMissing(api, 'POST', '/api/storage/upload-urls', { keys: [thumbnailKey(userId, NOBODYS_ID)] }),
    scopeMissing(api, 'PATCH', `/api/videos/${NOBODYS_ID}`, { name: 'nobody’s' }),
    isShared ? scopeMissing(api, 'DELETE', `/api/shared-reports/${NOBODYS_ID}`) : undefined,
  ])
  const scopes = missing.filter((scope) => scope !== undefined)
  if (scopes.length > 0) {
    const what = scopes.length === 1 ? 'scope' : 'scopes'
    throw new UploadProblem(
      `The key in LYNXGATE_KEY lacks the ${what} ${scopes.join(', ')}: use one that has all it needs.`,
    )
  }
  return userId
}

/** The scope is looked at before anything else, so a request about nothing tells of it. */
async function scopeMissing(api: Api, method: string, path: string, body?: object): Promise<string | undefined> {
  try {
    await api.call(method, path, body)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    if (error.status === 404) return undefined
    if (error.missingScope === undefined) throw error
    return error.missingScope
  }
}
