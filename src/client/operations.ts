// Method, path and place of the fields of each operation that the client offers. The type holds it against the contract.
import type { Contract } from '../api/contract.ts'
import type { CallId } from './types.ts'

export interface Call {
  readonly route: string
  /** Where fields go that are in no braces. */
  readonly sends: 'query' | 'body'
  /** Beside a body: the fields that go into the query all the same. */
  readonly query?: readonly string[]
}

export const calls = {
  getCaller: { route: 'GET /api/me', sends: 'query' },
  createApiKey: { route: 'POST /api/keys', sends: 'body' },
  listApiKeys: { route: 'GET /api/keys', sends: 'query' },
  updateApiKey: { route: 'PATCH /api/keys/{key_id}', sends: 'body', query: ['cascade'] },
  deleteApiKey: { route: 'DELETE /api/keys/{key_id}', sends: 'query' },
  rotateApiKey: { route: 'POST /api/keys/{key_id}/rotate', sends: 'body' },
  listApiKeyEvents: { route: 'GET /api/keys/{key_id}/events', sends: 'query' },
  createUploadUrl: { route: 'POST /api/storage/upload-url', sends: 'body' },
  createUploadUrls: { route: 'POST /api/storage/upload-urls', sends: 'body' },
  createDownloadUrl: { route: 'POST /api/storage/download-url', sends: 'body' },
  listFiles: { route: 'GET /api/storage/files', sends: 'query' },
  deleteFiles: { route: 'DELETE /api/storage/files', sends: 'body' },
  createMultipartUpload: { route: 'POST /api/storage/multipart', sends: 'body' },
  createPartUrls: { route: 'POST /api/storage/multipart/urls', sends: 'body' },
  completeMultipartUpload: { route: 'POST /api/storage/multipart/complete', sends: 'body' },
  getMultipartUploads: { route: 'GET /api/storage/multipart', sends: 'query' },
  abortMultipartUpload: { route: 'DELETE /api/storage/multipart', sends: 'query' },
  registerUpload: { route: 'POST /api/processing/register-upload', sends: 'body' },
  listVideos: { route: 'GET /api/videos', sends: 'query' },
  getVideo: { route: 'GET /api/videos/{job_id}', sends: 'query' },
  updateVideo: { route: 'PATCH /api/videos/{job_id}', sends: 'body' },
  replaceVideoSource: { route: 'PUT /api/videos/{job_id}/source', sends: 'body' },
  changeVideos: { route: 'POST /api/videos/bulk', sends: 'body' },
  deleteVideo: { route: 'DELETE /api/videos/{job_id}', sends: 'query' },
  getDashboard: { route: 'GET /api/dashboard', sends: 'query' },
  createProject: { route: 'POST /api/projects', sends: 'body' },
  listProjects: { route: 'GET /api/projects', sends: 'query' },
  getProject: { route: 'GET /api/projects/{project_id}', sends: 'query' },
  updateProject: { route: 'PATCH /api/projects/{project_id}', sends: 'body' },
  deleteProject: { route: 'DELETE /api/projects/{project_id}', sends: 'query' },
  createSharedReport: { route: 'POST /api/shared-reports', sends: 'body' },
  viewSharedReport: { route: 'GET /api/shared-reports/{report}', sends: 'query' },
  listSharedReports: { route: 'GET /api/videos/{job_id}/shared-reports', sends: 'query' },
  deleteSharedReport: { route: 'DELETE /api/shared-reports/{report}', sends: 'query' },
  createSigningKey: { route: 'POST /api/signing-keys', sends: 'body' },
  listSigningKeys: { route: 'GET /api/signing-keys', sends: 'query' },
  deleteSigningKey: { route: 'DELETE /api/signing-keys/{key_id}', sends: 'query' },
  createPlaybackToken: { route: 'POST /api/playback/tokens', sends: 'body' },
  createPlaybackRevocation: { route: 'POST /api/playback/revocations', sends: 'body' },
  endPlaybackSession: { route: 'DELETE /api/playback/sessions/{sid}', sends: 'query' },
  getEngineHealth: { route: 'GET /api/v1/health', sends: 'query' },
  getAssertionKeys: { route: 'GET /api/v1/.well-known/jwks.json', sends: 'query' },
  createJob: { route: 'POST /api/v1/jobs', sends: 'body' },
  listJobs: { route: 'GET /api/v1/jobs', sends: 'query' },
  getJob: { route: 'GET /api/v1/jobs/{job_id}', sends: 'query' },
  deleteJob: { route: 'DELETE /api/v1/jobs/{job_id}', sends: 'query' },
  getJobResult: { route: 'GET /api/v1/jobs/{job_id}/result', sends: 'query' },
  getOembed: { route: 'GET /api/oembed', sends: 'query' },
  getHealth: { route: 'GET /api/health', sends: 'query' },
} as const satisfies { readonly [Id in CallId]: Call & { readonly route: Contract[Id]['route'] } }
