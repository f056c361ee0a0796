// POST /v/{session}/events: what players say.
import * as v from 'valibot'
import { noQuery, operation, raw, rawBody } from './operation.ts'

export const playerEventsApi = {
  reportPlayerEvents: operation({
    route: 'POST /v/{session}/events',
    tag: 'Playback',
    summary: 'What a player says of its viewing, as CMCD events',
    description:
      'Common Media Client Data 2 (CTA-5004-B), `application/cmcd`, an event a line, at most 16 KiB and 64 events. The' +
      ' address says which viewing it is; `sid` counts for nothing. Nothing said here adds to what was watched. What cannot' +
      ' be read is passed over; with `Sec-GPC: 1` everything is.',
    access: 'public',
    query: noQuery,
    openQuery: 'Parameters that players add are ignored.',
    body: rawBody('application/cmcd', v.string()),
    answers: { 204: raw('Taken, or passed over', undefined) },
    refusals: {
      410: ['Playback session has ended'],
      413: ['Request body is too large'],
      429: ['Too many events of this viewing', 'Events cannot be taken now'],
    },
  }),
}
