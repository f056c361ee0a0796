// oEmbed 1.0 (https://oembed.com): what a site needs that turns a pasted link into the film.
import * as v from 'valibot'
import { queryNumber, urlSchema } from './fields.ts'
import { json, noBody, operation } from './operation.ts'

export const oembedSchema = v.object({
  version: v.literal('1.0'),
  type: v.literal('video'),
  provider_name: v.string(),
  provider_url: urlSchema,
  title: v.string(),
  html: v.string(),
  width: v.number(),
  height: v.number(),
  thumbnail_url: v.optional(urlSchema),
  thumbnail_width: v.optional(v.number()),
  thumbnail_height: v.optional(v.number()),
})

const side = v.optional(queryNumber(1, 100_000))

export const oembedApi = {
  getOembed: operation({
    route: 'GET /api/oembed',
    tag: 'Pages',
    summary: 'oEmbed: the player of a public film, for a link to it',
    description:
      '`url` is the address of a watch page or of an embed on this host. `width` and `height` have the film’s shape, 16:9' +
      ' where it is unknown, and keep within `maxwidth` and `maxheight`; so does the thumbnail, or it is left out.',
    access: 'public',
    query: v.strictObject({
      url: v.pipe(v.string(), v.maxLength(4096, 'must be at most 4096 characters')),
      maxwidth: side,
      maxheight: side,
      format: v.optional(v.string()),
    }),
    openQuery: 'Consumers add parameters of their own, which are ignored.',
    body: noBody,
    answers: { 200: json('The film', oembedSchema) },
    refusals: {
      401: ['This film is private'],
      404: ['Video not found'],
      501: ['Only the format json is offered'],
    },
  }),
}
