// Projects: what a user sorts videos into. A video is in one project at most, and outlives it.
import { Fault } from '../../core/fault.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import { parseUuid } from '../../core/uuid.ts'
import type { NotOwn } from './store.ts'

export interface Project {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly videoCount: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface ProjectChange {
  readonly name: string | undefined
  readonly description: string | undefined
}

/** Every method is one round trip, and one statement decides. */
export interface ProjectStore {
  create(
    userId: UserId,
    project: Omit<Project, 'videoCount' | 'updatedAtMs'>,
    maxPerUser: number,
  ): Promise<'created' | 'full'>
  /** Newest first. */
  list(userId: UserId): Promise<readonly Project[]>
  find(userId: UserId, id: string): Promise<Project | NotOwn>
  change(userId: UserId, id: string, change: ProjectChange, nowMs: number): Promise<Project | NotOwn>
  /** Its videos stay, without a project. */
  remove(userId: UserId, id: string): Promise<'removed' | NotOwn>
}

export interface ProjectDeps {
  readonly projectStore: ProjectStore
  readonly nowMs: () => number
  readonly newId: () => string
}

/** So many fit into one answer. */
export const MAX_PROJECTS = 500

export async function createProject(
  deps: ProjectDeps,
  principal: Principal,
  input: { readonly name: string; readonly description: string },
): Promise<Project> {
  const createdAtMs = deps.nowMs()
  const project = { id: deps.newId(), ...input, createdAtMs }
  const outcome = await deps.projectStore.create(principal.userId, project, MAX_PROJECTS)
  if (outcome === 'full') throw new Fault('conflict', `A user can have at most ${MAX_PROJECTS} projects`)
  return { ...project, videoCount: 0, updatedAtMs: createdAtMs }
}

/** All of them, newest first. */
export async function listProjects(
  { projectStore }: Pick<ProjectDeps, 'projectStore'>,
  principal: Principal,
): Promise<readonly Project[]> {
  return await projectStore.list(principal.userId)
}

export async function findProject(
  { projectStore }: Pick<ProjectDeps, 'projectStore'>,
  principal: Principal,
  id: string,
): Promise<Project> {
  return found(await projectStore.find(principal.userId, parseProjectIdOr404(id)))
}

export async function changeProject(
  deps: Pick<ProjectDeps, 'projectStore' | 'nowMs'>,
  principal: Principal,
  input: { readonly id: string; readonly change: ProjectChange },
): Promise<Project> {
  const { change } = input
  if (change.name === undefined && change.description === undefined) {
    throw new Fault('validation_error', 'body: must name something to change')
  }
  return found(await deps.projectStore.change(principal.userId, parseProjectIdOr404(input.id), change, deps.nowMs()))
}

export async function deleteProject(
  { projectStore }: Pick<ProjectDeps, 'projectStore'>,
  principal: Principal,
  id: string,
): Promise<void> {
  const outcome = await projectStore.remove(principal.userId, parseProjectIdOr404(id))
  if (outcome !== 'removed') throw projectNotOwn(outcome)
}

/** The id in the database's spelling; an invalid id costs no I/O. */
export function parseProjectIdOr404(id: string): string {
  const parsed = parseUuid(id)
  if (parsed === undefined) throw projectNotOwn('missing')
  return parsed
}

export function projectNotOwn(reason: NotOwn): Fault {
  return reason === 'missing'
    ? new Fault('not_found', 'Project not found')
    : new Fault('forbidden', 'Project does not belong to this user')
}

function found(project: Project | NotOwn): Project {
  if (typeof project === 'string') throw projectNotOwn(project)
  return project
}
