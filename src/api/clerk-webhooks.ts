// POST /api/webhooks/clerk: what Clerk says about users and organisations.
import * as v from 'valibot'
import { doneSchema } from './fields.ts'
import { json, noQuery, operation, rawBody } from './operation.ts'

export const clerkWebhooksApi = {
  receiveClerkWebhook: operation({
    route: 'POST /api/webhooks/clerk',
    tag: 'Authentication',
    summary: 'Receives the events user.*, organization.* and organizationMembership.* of Clerk',
    description: 'Signed as Standard Webhooks specify. Other events are answered and ignored. 404 without a secret.',
    access: 'public',
    query: noQuery,
    body: rawBody('application/json', v.looseObject({ type: v.string() })),
    answers: { 200: json('Taken', doneSchema) },
    refusals: {
      404: ['Not Found'],
      503: ['Clerk is temporarily unavailable'],
      400: ['Invalid webhook signature', 'Invalid JSON body'],
      413: ['Request body is too large'],
      422: [
        'type: is required',
        'data: is not a user',
        'data: is not an organization',
        'data: is not an organization membership',
      ],
    },
  }),
}
