// Who made which file of an organisation: a member who is no admin deletes and replaces their own only. What is stored of
// a job by its path has one maker, whatever else is its own. Nothing of this asks anything in a personal workspace.
import { Fault } from '../../core/fault.ts'
import { boundTo, type Principal, type UserId } from '../../core/auth/principal.ts'
import { jobOfObject } from '../../core/storage/media-key.ts'

/** `thing`: a job's id, or an object's key. */
export interface FileMakers {
  /** Thing → maker, of those that have one. */
  find(workspaceId: UserId, things: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Makes the member the maker of the `claimed` that have none; then as `find`, of all. */
  claim(
    workspaceId: UserId,
    memberId: string,
    things: { readonly claimed: readonly string[]; readonly all: readonly string[] },
  ): Promise<ReadonlyMap<string, string>>
  release(workspaceId: UserId, things: readonly string[]): Promise<void>
}

export interface MakerDeps {
  readonly fileMakers: FileMakers
}

/** Before something is uploaded there: 403 where it would replace another member's. One round trip. */
export async function claimUploads(deps: MakerDeps, principal: Principal, keys: readonly string[]): Promise<void> {
  const { userId } = principal
  const claimed = keys.map((key) => jobOfObject(userId, key) ?? key)
  await claim(deps, principal, { claimed, all: [...claimed, ...keys] })
}

/** Before a film is made of what is stored there, or is to be. */
export async function claimFilm(deps: MakerDeps, principal: Principal, key: string, jobId: string): Promise<void> {
  const claimed = [key, jobId]
  await claim(deps, principal, { claimed, all: [...claimed, jobOfObject(principal.userId, key) ?? key] })
}

async function claim(
  deps: MakerDeps,
  principal: Principal,
  things: { readonly claimed: readonly string[]; readonly all: readonly string[] },
): Promise<void> {
  const { userId, memberId, workspace } = principal
  if (workspace.kind === 'personal') return
  const makers = await deps.fileMakers.claim(userId, memberId ?? '', {
    claimed: [...new Set(things.claimed)],
    all: [...new Set(things.all)],
  })
  const bound = boundTo(principal)
  if (bound !== undefined && [...makers.values()].some((maker) => maker !== bound)) throw notMade()
}

/** Before something is deleted: 403 unless the principal made all of it, or is an admin. */
export async function requireMade(deps: MakerDeps, principal: Principal, keys: readonly string[]): Promise<void> {
  const bound = boundTo(principal)
  if (bound === undefined) return
  const thingsOf = (key: string): string[] => [key, jobOfObject(principal.userId, key) ?? key]
  const makers = await deps.fileMakers.find(principal.userId, [...new Set(keys.flatMap(thingsOf))])
  for (const key of keys) {
    const own = thingsOf(key).flatMap((thing) => makers.get(thing) ?? [])
    if (own.length === 0 || own.some((maker) => maker !== bound)) throw notMade()
  }
}

/** After it was deleted: its name is free again. */
export async function releaseFiles(deps: MakerDeps, principal: Principal, keys: readonly string[]): Promise<void> {
  if (principal.workspace.kind === 'personal') return
  const own = keys.filter((key) => jobOfObject(principal.userId, key) === undefined)
  if (own.length > 0) await deps.fileMakers.release(principal.userId, own)
}

export function notMade(): Fault {
  return new Fault('forbidden', 'Only its maker and an admin of the workspace may do this')
}
