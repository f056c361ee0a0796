// /api/projects: what a user sorts videos into.
import type * as v from 'valibot'
import { DONE } from '../../api/fields.ts'
import { reply } from '../../api/operation.ts'
import { projectsApi, type projectSchema } from '../../api/projects.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import {
  changeProject,
  createProject,
  deleteProject,
  findProject,
  listProjects,
  type Project,
  type ProjectDeps,
} from '../../domain/videos/projects.ts'
import type { Router } from '../router.ts'

export function projectRoutes(router: Router, deps: ProjectDeps): void {
  router.secured(projectsApi.createProject, async ({ principal, body }) =>
    reply(201, showProject(await createProject(deps, principal, body))),
  )

  router.secured(projectsApi.listProjects, async ({ principal }) =>
    reply(200, (await listProjects(deps, principal)).map(showProject)),
  )

  router.secured(projectsApi.getProject, async ({ principal, param }) =>
    reply(200, showProject(await findProject(deps, principal, param('project_id')))),
  )

  router.secured(projectsApi.updateProject, async ({ principal, param, body }) => {
    const change = { name: body.name, description: body.description }
    return reply(200, showProject(await changeProject(deps, principal, { id: param('project_id'), change })))
  })

  router.secured(projectsApi.deleteProject, async ({ principal, param }) => {
    await deleteProject(deps, principal, param('project_id'))
    return reply(200, DONE)
  })
}

export function showProject(project: Project): v.InferOutput<typeof projectSchema> {
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    video_count: project.videoCount,
    created_at: formatTimestamp(project.createdAtMs),
    updated_at: formatTimestamp(project.updatedAtMs),
  }
}
