// What was watched, and how well it played: now, over the last days, and by film.
import { useSignal } from '@preact/signals'
import type { Result } from '../../../client/client.ts'
import { Choice } from '../parts/choice.tsx'
import { formatNumber } from '../parts/format.ts'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { filmPath } from '../rooms.ts'
import { useClient } from '../session.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'
import { DayBars } from './day-bars.tsx'
import { downloadPlays } from './download-plays.ts'
import { Numbers } from './numbers.tsx'

type Analytics = Result<'getAnalytics'>
export type Series = Extract<Analytics, { readonly series: unknown }>
type Groups = Extract<Analytics, { readonly groups: unknown }>['groups']

interface Shown {
  readonly series: Series
  readonly films: readonly { readonly jobId: string; readonly name: string; readonly group: Groups[number] }[]
  readonly live: Result<'getLiveAnalytics'>
}

const RANGES = ['7', '30', '90'] as const
const DAY_MS = 86_400_000
const FILMS = 10

export function AnalyticsRoom() {
  const t = texts.value
  useTitle(t.rooms.analytics)
  const client = useClient()
  const days = useSignal<(typeof RANGES)[number]>('7')
  const problem = useSignal<unknown>(undefined)
  const { loaded, reload } = useLoading(days.value, async (signal): Promise<Shown> => {
    const from = new Date(startOfDay(Date.now()) - (Number(days.value) - 1) * DAY_MS).toISOString()
    const [series, groups, live] = await Promise.all([
      client.getAnalytics({ from, interval: 'day' }, { signal }),
      client.getAnalytics({ from, group_by: 'video' }, { signal }),
      client.getLiveAnalytics({}, { signal }),
    ])
    if (!('series' in series) || !('groups' in groups)) throw new TypeError('not what was asked for')
    const top = groups.groups.filter(({ key }) => key !== null).slice(0, FILMS)
    const films = await Promise.all(
      top.map(async (group) => {
        const jobId = group.key ?? ''
        // A film that was deleted has its numbers still.
        const name = await client.getVideo({ job_id: jobId }, { signal }).then(
          (film) => film.name,
          () => t.analytics.deleted,
        )
        return { jobId, name, group }
      }),
    )
    return { series, films, live }
  })
  const download = async (): Promise<void> => {
    problem.value = undefined
    try {
      await downloadPlays()
    } catch (error) {
      problem.value = error
    }
  }
  const now = loaded.value
  return (
    <div class="room">
      <h1>{t.rooms.analytics}</h1>
      <p class="fine">{t.analytics.hint}</p>
      <div class="actions ranges">
        <Choice
          label={t.analytics.range}
          value={days.value}
          options={RANGES.map((value) => ({ value, label: t.analytics.days(value) }))}
          onChange={(value) => (days.value = value)}
        />
        <button type="button" class="button quiet" onClick={() => void reload()}>
          {t.analytics.refresh}
        </button>
        <button type="button" class="button quiet" onClick={() => void download()}>
          {t.analytics.csv}
        </button>
      </div>
      {problem.value !== undefined && <Problem error={problem.value} />}
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && <Report {...now.value} days={Number(days.value)} />}
    </div>
  )
}

function Report({ series, films, live, days }: Shown & { readonly days: number }) {
  const t = texts.value.analytics
  return (
    <>
      <section class="panel" aria-label={t.now}>
        <h2>{t.now}</h2>
        <p>{live.viewers === 0 ? t.nobody : t.watching(live.viewers)}</p>
        {live.films.length > 0 && (
          <ul class="rows">
            {live.films.slice(0, FILMS).map((film) => (
              <li key={film.job_id}>
                <a href={filmPath(film.job_id)}>{film.name}</a>
                <span>{formatNumber(film.viewers)}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {series.totals.plays === 0 ? (
        <p class="empty">{t.none}</p>
      ) : (
        <>
          <Numbers totals={series.totals} />
          <DayBars series={series} days={days} />
          <FilmTable films={films} />
        </>
      )}
    </>
  )
}

function FilmTable({ films }: Pick<Shown, 'films'>) {
  const t = texts.value.analytics
  return (
    <section class="panel" aria-label={t.byFilm}>
      <h2>{t.byFilm}</h2>
      <table class="table numbers-table">
        <thead>
          <tr>
            <th scope="col">{t.film}</th>
            <th scope="col">{t.plays}</th>
            <th scope="col">{t.hours}</th>
            <th scope="col">{t.completion}</th>
          </tr>
        </thead>
        <tbody>
          {films.map(({ jobId, name, group }) => (
            <tr key={jobId}>
              <th scope="row">
                <a href={filmPath(jobId)}>{name}</a>
              </th>
              <td>{formatNumber(group.plays)}</td>
              <td>{formatNumber(Number(group.hours_watched.toFixed(2)))}</td>
              <td>{group.completion === null ? '–' : `${Math.round(group.completion * 100)} %`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function startOfDay(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS) * DAY_MS
}
