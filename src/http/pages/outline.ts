// A report as people read it: sections, properties, lists and tables, with moments that seek the player. Everything shown
// is a customer's: escaped by the template, never taken for HTML.
import { html } from 'hono/html'
import type { Block, Value } from '../../core/videos/report-outline.ts'
import type { Html } from './layout.ts'
import type { Texts } from './texts/texts.ts'

type Words = Texts['share']

/** `level`: of its headings, 2 to 4. */
export function showBlock(words: Words, block: Block, level: number): Html {
  switch (block.kind) {
    case 'section':
      return html`<section>
        ${heading(block.title, level)} ${block.blocks.map((inner) => showBlock(words, inner, level + 1))}
      </section>`
    case 'paragraph':
      return html`<p class="text">${block.text}</p>`
    case 'properties':
      return html`<dl class="properties">
        ${block.properties.map(({ name, value }) => property(name, showValue(words, value)))}
      </dl>`
    case 'list':
      return html`<ul>
          ${block.items.map((item) => html`<li>${showValue(words, item)}</li>`)}
        </ul>
        ${more(words, block.omitted)}`
    default:
      return showTable(words, block)
  }
}

function showTable(words: Words, table: Extract<Block, { kind: 'table' }>): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="${words.table}">
      <table>
        <thead>
          <tr>
            ${table.columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            (row) =>
              html`<tr>
                ${row.map((value) => html`<td>${showValue(words, value)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more(words, table.omitted)}`
}

function heading(title: string, level: number): Html {
  if (level === 2) return html`<h2>${title}</h2>`
  return level === 3 ? html`<h3>${title}</h3>` : html`<h4>${title}</h4>`
}

export function property(name: string, value: Html): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}

function showValue(words: Words, value: Value): Html {
  if (value.kind === 'text') return html`${value.text}`
  const moment = formatMoment(value.seconds)
  return html`<button type="button" class="moment" data-seconds="${value.seconds}" title="${words.goTo(moment)}">
    ${moment}
  </button>`
}

function more(words: Words, omitted: number): Html | '' {
  return omitted === 0 ? '' : html`<p class="hint">${words.more(omitted)}</p>`
}

/** `0:07`, `12:34`, `1:02:03`; rounded down. */
export function formatMoment(seconds: number): string {
  const whole = Math.floor(seconds)
  const tail = `${Math.floor(whole / 60) % 60}:${String(whole % 60).padStart(2, '0')}`
  return whole < 3600 ? tail : `${Math.floor(whole / 3600)}:${tail.padStart(5, '0')}`
}
