// Pages for people: the start page, the API reference, films to watch, to embed and shared.
import { NO_SECRET, tokenRefusals } from './playback.ts'
import { noBody, noQuery, operation, raw } from './operation.ts'

const tag = 'Pages'
/** People pass links on through mail and social media, which add to them. */
const OTHER_PARAMETERS = 'Parameters that a link picked up on its way, such as `utm_source`, are ignored.'

const page = raw('HTML', 'text/html')
const common = { tag, access: 'public', query: noQuery, openQuery: OTHER_PARAMETERS, body: noBody } as const

export const pagesApi = {
  showHome: operation({
    ...common,
    route: 'GET /',
    summary: 'What this is',
    answers: { 200: page },
    refusals: {},
  }),

  showReference: operation({
    ...common,
    route: 'GET /docs',
    summary: 'The API reference, to try with a key',
    answers: { 200: page },
    refusals: {},
  }),

  showConsole: operation({
    ...common,
    route: 'GET /console',
    summary: 'The console: everything a person does, in the browser',
    description: 'Absent where CONSOLE is `off`.',
    answers: { 200: page },
    refusals: { 404: ['Not Found'] },
  }),

  getConsolePart: operation({
    ...common,
    route: 'GET /console/{path}',
    isDeep: 'or empty',
    summary: 'A room of the console, or a file below `assets/` that it is made of',
    answers: {
      200: raw('The page, or the file', '*/*'),
      304: raw('The caller has the file (`If-None-Match`)', undefined),
    },
    refusals: { 404: ['Not Found'] },
  }),

  showFilm: operation({
    ...common,
    route: 'GET /watch/{job_id}',
    summary: 'The watch page of a film; of a private one with its `token`',
    answers: { 200: page },
    refusals: { 403: tokenRefusals, 404: ['Video not found'], 503: [NO_SECRET] },
  }),

  showEmbeddedFilm: operation({
    ...common,
    route: 'GET /embed/{job_id}',
    summary: 'The player alone, for a frame on another site; of a private film with its `token`',
    description:
      'Sites that may show it: `EMBED_ORIGINS`, and those that the token’s `origin` names. `lang` is a language of the page.',
    answers: { 200: page },
    refusals: { 403: tokenRefusals, 404: ['Video not found'], 503: [NO_SECRET] },
  }),

  showSharedReport: operation({
    ...common,
    route: 'GET /r/{share_hash}',
    summary: 'A shared film as a page, with its report where there is one; opening it counts as one view',
    answers: { 200: page },
    refusals: { 404: ['Shared report not found'] },
  }),
}
