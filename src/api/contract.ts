// Every operation under its id, and every schema that has a name. What the router serves, the document says, the client
// calls and the tests hold answers against.
import { analyticsApi, analyticsPlaySchema, analyticsSeriesSchema } from './analytics.ts'
import { auditApi, auditEventSchema } from './audit.ts'
import { clerkWebhooksApi } from './clerk-webhooks.ts'
import { dashboardApi, dashboardSchema } from './dashboard.ts'
import { engineApi, jobSchema } from './engine.ts'
import { healthApi, healthSchema } from './health.ts'
import { apiKeySchema, issuedApiKeySchema, keyEventSchema, keysApi, keyUsageSchema } from './keys.ts'
import { callerSchema, meApi } from './me.ts'
import { leakedKeysApi } from './leaked-keys.ts'
import { mediaApi } from './media.ts'
import { multipartApi, multipartUploadSchema, storedPartSchema } from './multipart.ts'
import { oembedApi, oembedSchema } from './oembed.ts'
import { pagesApi } from './pages.ts'
import { playerEventsApi } from './player-events.ts'
import { livePlaySchema, playbackApi, playbackTokenSchema } from './playback.ts'
import { issuedSigningKeySchema, signingKeySchema, signingKeysApi } from './signing-keys.ts'
import { serviceApi } from './service.ts'
import { processingApi, processingSchema } from './processing.ts'
import { projectSchema, projectsApi } from './projects.ts'
import { resultsApi, segmentSchema } from './results.ts'
import { publicReportSchema, sharedReportSchema, sharedReportsApi } from './shared-reports.ts'
import { fileSchema, storageApi } from './storage.ts'
import {
  deliveryAttemptSchema,
  deliverySchema,
  eventSchema,
  issuedWebhookEndpointSchema,
  webhookEndpointSchema,
  webhookEndpointsApi,
} from './webhook-endpoints.ts'
import { subtitlesApi } from './subtitles.ts'
import { sharedVideoSchema, videoSchema, videosApi } from './videos.ts'

export const contract = {
  ...meApi,
  ...keysApi,
  ...auditApi,
  ...leakedKeysApi,
  ...clerkWebhooksApi,
  ...webhookEndpointsApi,
  ...storageApi,
  ...multipartApi,
  ...videosApi,
  ...processingApi,
  ...projectsApi,
  ...dashboardApi,
  ...resultsApi,
  ...subtitlesApi,
  ...sharedReportsApi,
  ...playbackApi,
  ...playerEventsApi,
  ...analyticsApi,
  ...signingKeysApi,
  ...mediaApi,
  ...engineApi,
  ...pagesApi,
  ...oembedApi,
  ...healthApi,
  ...serviceApi,
}

export type Contract = typeof contract
export type OperationId = keyof Contract

/** By the names that OpenAPI gives them. */
export const namedSchemas = {
  Caller: callerSchema,
  ApiKey: apiKeySchema,
  IssuedApiKey: issuedApiKeySchema,
  ApiKeyEvent: keyEventSchema,
  ApiKeyUsage: keyUsageSchema,
  AuditEvent: auditEventSchema,
  File: fileSchema,
  MultipartUpload: multipartUploadSchema,
  StoredPart: storedPartSchema,
  Video: videoSchema,
  Processing: processingSchema,
  Segment: segmentSchema,
  Project: projectSchema,
  Dashboard: dashboardSchema,
  SharedVideo: sharedVideoSchema,
  SharedReport: sharedReportSchema,
  PublicReport: publicReportSchema,
  SigningKey: signingKeySchema,
  IssuedSigningKey: issuedSigningKeySchema,
  PlaybackToken: playbackTokenSchema,
  LiveSession: livePlaySchema,
  Analytics: analyticsSeriesSchema,
  Play: analyticsPlaySchema,
  OEmbed: oembedSchema,
  WebhookEndpoint: webhookEndpointSchema,
  IssuedWebhookEndpoint: issuedWebhookEndpointSchema,
  WebhookDelivery: deliverySchema,
  WebhookAttempt: deliveryAttemptSchema,
  Event: eventSchema,
  Job: jobSchema,
  Health: healthSchema,
}
