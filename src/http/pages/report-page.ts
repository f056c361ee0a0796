// A shared report: the film, its metadata, and the analysis as an outline. Markup only; src/web/pages/report.ts makes the
// moments seek. Everything shown is a customer's: escaped by the template, never taken for HTML.
import { html } from 'hono/html'
import type { Block, Value } from '../../core/videos/report-outline.ts'
import type { FilmState } from '../../core/videos/film-state.ts'
import type { VideoStatus } from '../../core/videos/status.ts'
import { layout, type Html } from './layout.ts'
import { player } from './player.ts'

export interface ReportPageContent {
  readonly jobId: string
  readonly name: string
  readonly description: string
  readonly durationSeconds: number | undefined
  readonly status: VideoStatus
  /** ISO 8601. */
  readonly sharedAt: string
  /** `off`: its owner switched playback off; the report is still shown. */
  readonly film: FilmState | 'off'
  /** Undefined: there is a report, and it cannot be shown. */
  readonly outline: readonly Block[] | undefined
}

export function reportPage(content: ReportPageContent): Html {
  return layout({
    title: `${content.name} · report · lynxgate`,
    head: html`<link rel="stylesheet" href="/assets/report.css" />
      <script type="module" src="/assets/report.js"></script>`,
    body: html`<main class="watch report">
      ${
        content.film === 'off'
          ? html`<p class="hint">The owner has ended the playback of this film.</p>`
          : player({ ...content, film: content.film, isOriginalAllowed: true })
      }
      <h1>${content.name}</h1>
      ${content.description === '' ? '' : html`<p class="description">${content.description}</p>`}
      <dl class="properties">
        ${content.durationSeconds === undefined ? '' : property('Length', html`${formatMoment(content.durationSeconds)}`)}
        ${property('Status', html`${content.status}`)}
        ${property('Shared', html`<time datetime="${content.sharedAt}">${content.sharedAt.slice(0, 10)}</time>`)}
      </dl>
      <section aria-label="Report">${showOutline(content.outline)}</section>
    </main>`,
  })
}

function showOutline(outline: ReportPageContent['outline']): Html | Html[] {
  if (outline === undefined) return html`<p class="hint">The report of this film cannot be shown.</p>`
  if (outline.length === 0) return html`<p class="hint">There is no report for this film yet.</p>`
  return outline.map((block) => showBlock(block, 2))
}

function showBlock(block: Block, level: number): Html {
  switch (block.kind) {
    case 'section':
      return html`<section>
        ${heading(block.title, level)} ${block.blocks.map((inner) => showBlock(inner, level + 1))}
      </section>`
    case 'paragraph':
      return html`<p class="text">${block.text}</p>`
    case 'properties':
      return html`<dl class="properties">
        ${block.properties.map(({ name, value }) => property(name, showValue(value)))}
      </dl>`
    case 'list':
      return html`<ul>
          ${block.items.map((item) => html`<li>${showValue(item)}</li>`)}
        </ul>
        ${more(block.omitted)}`
    default:
      return showTable(block)
  }
}

function showTable(table: Extract<Block, { kind: 'table' }>): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="Table">
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
                ${row.map((value) => html`<td>${showValue(value)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more(table.omitted)}`
}

function heading(title: string, level: number): Html {
  if (level === 2) return html`<h2>${title}</h2>`
  return level === 3 ? html`<h3>${title}</h3>` : html`<h4>${title}</h4>`
}

function property(name: string, value: Html): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}

function showValue(value: Value): Html {
  if (value.kind === 'text') return html`${value.text}`
  const moment = formatMoment(value.seconds)
  return html`<button type="button" class="moment" data-seconds="${value.seconds}" title="Go to ${moment}">
    ${moment}
  </button>`
}

function more(omitted: number): Html | '' {
  return omitted === 0 ? '' : html`<p class="hint">… and ${omitted} more</p>`
}

/** `0:07`, `12:34`, `1:02:03`; rounded down. */
function formatMoment(seconds: number): string {
  const whole = Math.floor(seconds)
  const tail = `${Math.floor(whole / 60) % 60}:${String(whole % 60).padStart(2, '0')}`
  return whole < 3600 ? tail : `${Math.floor(whole / 3600)}:${tail.padStart(5, '0')}`
}
