// /api/projects: what a user sorts videos into.
import * as v from 'valibot'
import { doneSchema, text, timestampSchema, uuidSchema } from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'

const tag = 'Projects'

export const projectSchema = v.object({
  id: uuidSchema,
  name: v.string(),
  description: v.string(),
  video_count: v.number(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
})

const projectName = text(1, 255)
const projectDescription = text(0, 5000)

/** Refusals of everything that names one project. */
const foreignProject = { 403: ['Project does not belong to this user'], 404: ['Project not found'] } as const

export const projectsApi = {
  createProject: operation({
    route: 'POST /api/projects',
    tag,
    summary: 'Make a project',
    description: 'Videos are put into it by their `project_id`.',
    access: 'videos:write',
    query: noQuery,
    body: jsonBody(v.strictObject({ name: projectName, description: v.optional(projectDescription, '') })),
    answers: { 201: json('The project', projectSchema) },
    refusals: { 409: ['A user can have at most 500 projects'] },
  }),

  listProjects: operation({
    route: 'GET /api/projects',
    tag,
    summary: 'The projects of the caller, newest first',
    access: 'videos:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('All of them', v.array(projectSchema)) },
    refusals: {},
  }),

  getProject: operation({
    route: 'GET /api/projects/{project_id}',
    tag,
    summary: 'One project',
    access: 'videos:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The project', projectSchema) },
    refusals: { ...foreignProject },
  }),

  updateProject: operation({
    route: 'PATCH /api/projects/{project_id}',
    tag,
    summary: 'Rename or describe a project',
    access: 'videos:write',
    query: noQuery,
    body: jsonBody(v.strictObject({ name: v.optional(projectName), description: v.optional(projectDescription) })),
    answers: { 200: json('The project', projectSchema) },
    refusals: { ...foreignProject },
  }),

  deleteProject: operation({
    route: 'DELETE /api/projects/{project_id}',
    tag,
    summary: 'Delete a project; its videos stay, without a project',
    access: 'videos:write',
    query: noQuery,
    body: noBody,
    answers: { 200: json('Done', doneSchema) },
    refusals: { ...foreignProject },
  }),
}
