// The projects of whoever is signed in: asked for once, and kept as they are changed here.
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Client, Result } from '../../../client/client.ts'
import { useClient } from '../session.ts'

export type Project = Result<'listProjects'>[number]

const known = signal<readonly Project[]>([])
let owner: Client | undefined

/** By name; empty until they are there, and for a key that may not see them. */
export function useProjects(): readonly Project[] {
  const client = useClient()
  useEffect(() => {
    if (owner === client) return
    owner = client
    known.value = []
    void loadProjects(client).catch(() => undefined)
  }, [client])
  return known.value
}

/** Also after videos were moved: each project says how many it has. */
export async function loadProjects(client: Client): Promise<void> {
  const projects = await client.listProjects()
  if (owner === client) known.value = projects.toSorted((a, b) => a.name.localeCompare(b.name))
}

export async function makeProject(client: Client, name: string): Promise<Project> {
  const made = await client.createProject({ name })
  await loadProjects(client)
  return made
}

export async function renameProject(client: Client, id: string, name: string): Promise<void> {
  await client.updateProject({ project_id: id, name })
  await loadProjects(client)
}

/** Its videos stay. */
export async function deleteProject(client: Client, id: string): Promise<void> {
  await client.deleteProject({ project_id: id })
  await loadProjects(client)
}
