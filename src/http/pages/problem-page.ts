// The page of a wrong link, or of a film that may not be shown: says so in words for people, and shows a way home.
import { html } from 'hono/html'
import type { Fault } from '../../core/fault.ts'
import { refusalIn } from '../../domain/playback/admission.ts'
import { bareLayout, layout, type Html } from './layout.ts'
import type { Notice, Texts } from './texts/texts.ts'
import type { PageView } from './view.ts'

/** `isEmbedded`: it stands in another site's frame, where there is no way home. */
export function problemPage(view: PageView, fault: Fault, isEmbedded: boolean): Html {
  const { texts, look } = view
  const { title, text } = noticeOf(texts, fault, isEmbedded)
  if (isEmbedded) {
    return bareLayout(view, {
      title,
      body: html`<main class="sheet">
        <h1>${title}</h1>
        <p>${text}</p>
      </main>`,
    })
  }
  return layout(view, {
    title,
    body: html`<main class="sheet">
      ${look.brand.isCustom ? '' : html`<img class="eyes" src="/favicon.svg" alt="" width="96" height="96" />`}
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a class="button" href="/">${texts.toStart}</a></p>
    </main>`,
  })
}

function noticeOf(texts: Texts, fault: Fault, isEmbedded: boolean): Notice {
  if (fault.code === 'not_found') return isEmbedded ? texts.noFilm : texts.notFound
  const refusal = refusalIn(fault)
  return refusal === undefined ? texts.problem : { title: texts.refused, text: texts.refusals[refusal] }
}
