// Whether the service is well, as far as a browser can be told; and what it is.
import { useEffect } from 'preact/hooks'
import { Badge } from '../parts/badge.tsx'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { currentSession } from '../session.ts'
import { settings } from '../settings.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'

interface Health {
  readonly status: 'ok' | 'degraded' | 'down'
  readonly version: string
  readonly checks: Readonly<Record<'configuration' | 'database' | 'cache' | 'storage', 'ok' | 'down'>>
  readonly problems?: readonly { readonly name: string; readonly reason: string }[]
}

const CHECKS = ['configuration', 'database', 'cache', 'storage'] as const
const TONES = { ok: 'good', degraded: 'busy', down: 'bad' } as const
/** The service itself looks once in five seconds. */
const EVERY_MS = 10_000

export function HealthRoom() {
  const t = texts.value
  useTitle(t.rooms.health)
  const { loaded, reload } = useLoading('health', ask)
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  const now = loaded.value
  return (
    <div class="room narrow">
      <h1>{t.rooms.health}</h1>
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && (
        <section class="panel" aria-label={t.health.checks} aria-live="polite">
          <p class="verdict">
            <Badge tone={TONES[now.value.status]}>{t.health.verdicts[now.value.status]}</Badge>
          </p>
          <dl class="properties rows">
            {CHECKS.map((check) => (
              <div key={check}>
                <dt>
                  {t.health.names[check]}
                  <span class="fine">{t.health.hints[check]}</span>
                </dt>
                <dd>
                  <Badge tone={TONES[now.value.checks[check]]}>{t.health.states[now.value.checks[check]]}</Badge>
                </dd>
              </div>
            ))}
          </dl>
          {now.value.problems?.map(({ name, reason }) => (
            <p key={name} class="problem">
              <code>{name}</code> {reason}
            </p>
          ))}
        </section>
      )}
      {now.state !== 'loading' && <ThisService />}
    </div>
  )
}

/** Below the checks, and not before them: nothing moves. */
function ThisService() {
  const t = texts.value.health
  return (
    <>
      <section class="panel">
        <h2>{t.service}</h2>
        <dl class="properties rows">
          <div>
            <dt>{t.version}</dt>
            <dd>{settings.version}</dd>
          </div>
          <div>
            <dt>
              {t.delivery}
              <span class="fine">{t.deliveryHints[settings.delivery]}</span>
            </dt>
            <dd>{settings.delivery}</dd>
          </div>
          <div>
            <dt>{t.address}</dt>
            <dd>{location.origin}</dd>
          </div>
          <div>
            <dt>{t.you}</dt>
            <dd class="id">{currentSession().caller.user_id}</dd>
          </div>
        </dl>
      </section>
      <p class="fine">{t.doctor}</p>
    </>
  )
}

/** A service that is down says so with a 503 and the same answer, which is no failure to ask. */
async function ask(signal: AbortSignal): Promise<Health> {
  const response = await fetch('/api/health', { signal })
  return (await response.json()) as Health
}
