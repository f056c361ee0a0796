// oEmbed: a frame's code for a link to a film.
import { html } from 'hono/html'
import type * as v from 'valibot'
import { oembedApi, type oembedSchema } from '../../api/oembed.ts'
import { reply } from '../../api/operation.ts'
import type { Brand } from '../../core/brand.ts'
import { describeEmbed, type Embed } from '../../domain/playback/embeds.ts'
import type { Router } from '../router.ts'

type EmbedDeps = Parameters<typeof describeEmbed>[0]

interface RouteDeps extends EmbedDeps {
  readonly config: EmbedDeps['config'] & { readonly brand: Brand }
}

export function oembedRoutes(router: Router, deps: RouteDeps): void {
  router.public(oembedApi.getOembed, async ({ origin, query }) => {
    const { url, format, maxwidth: maxWidth, maxheight: maxHeight } = query
    const embed = await describeEmbed(deps, { jobId: jobOfAddress(url, origin), format, maxWidth, maxHeight })
    return reply(200, await showEmbed(embed, origin, deps.config.brand))
  })
}

async function showEmbed(
  { jobId, name, frame, thumbnail }: Embed,
  origin: string,
  brand: Brand,
): Promise<v.InferOutput<typeof oembedSchema>> {
  const title = (await html`${name}`).toString()
  const frameCode = [
    `<iframe src="${origin}/embed/${jobId}" width="${frame.width}" height="${frame.height}" title="${title}"`,
    'allow="autoplay; fullscreen; picture-in-picture" allowfullscreen',
    'referrerpolicy="strict-origin-when-cross-origin" loading="lazy" style="border:0"></iframe>',
  ].join(' ')
  return {
    version: '1.0',
    type: 'video',
    provider_name: brand.name,
    provider_url: origin,
    title: name,
    html: frameCode,
    ...frame,
    ...(thumbnail && {
      thumbnail_url: `${origin}/api/playback/thumbnail/${jobId}`,
      thumbnail_width: thumbnail.width,
      thumbnail_height: thumbnail.height,
    }),
  }
}

/** Of a watch page or a frame on this host; a link is passed on with `http:` and with parameters too. */
function jobOfAddress(address: string, origin: string): string | undefined {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol) || url.host !== new URL(origin).host) return undefined
  return /^\/(?:watch|embed)\/([^/]+)\/?$/.exec(url.pathname)?.[1]
}
