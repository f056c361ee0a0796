// Who changed what: the audit trail, newest first.
import { useSignal } from '@preact/signals'
import type { Result } from '../../../client/client.ts'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { Time } from '../parts/time.tsx'
import { useClient } from '../session.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'

type Entry = Result<'listAudit'>['events'][number]

const PAGE = 50

export function AuditRoom() {
  const t = texts.value
  useTitle(t.rooms.audit)
  const client = useClient()
  const isBusy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  const ask = async (cursor: string | undefined, signal?: AbortSignal): Promise<Result<'listAudit'>> =>
    await client.listAudit({ limit: PAGE, ...(cursor !== undefined && { cursor }) }, signal && { signal })
  const { loaded, reload, set } = useLoading('audit', async (signal) => await ask(undefined, signal))
  const now = loaded.value
  const more = async (before: Result<'listAudit'>): Promise<void> => {
    isBusy.value = true
    problem.value = undefined
    try {
      const next = await ask(before.cursor ?? undefined)
      set({ events: [...before.events, ...next.events], cursor: next.cursor })
    } catch (error) {
      problem.value = error
    }
    isBusy.value = false
  }
  return (
    <div class="room">
      <h1>{t.rooms.audit}</h1>
      <p class="fine">{t.audit.hint}</p>
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && now.value.events.length === 0 && <p class="empty">{t.audit.none}</p>}
      {now.state === 'ready' && now.value.events.length > 0 && (
        <ul class="rows">
          {now.value.events.map((entry) => (
            <AuditRow key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {problem.value !== undefined && <Problem error={problem.value} />}
      {now.state === 'ready' && now.value.cursor !== null && (
        <button type="button" class="button" disabled={isBusy.value} onClick={() => void more(now.value)}>
          {t.audit.older}
        </button>
      )}
    </div>
  )
}

function AuditRow({ entry }: { entry: Entry }) {
  const t = texts.value.audit
  const { action, actor, target, ip, user_agent: program, before, after } = entry
  const from = [ip, program].filter((part) => part !== null).join(', ')
  return (
    <li>
      <div>
        <strong>{action}</strong> <span>{nameOf(after) ?? nameOf(before)}</span>
        <p class="fine">
          {target.type} <code>{target.id}</code>
        </p>
        <p class="fine">
          {t.by} {actor.type} {actor.id !== null && <code>{actor.id}</code>} {from !== '' && t.from(from)}
        </p>
      </div>
      <Time at={entry.at} />
    </li>
  )
}

/** What a person calls it, where it has a name. */
function nameOf(state: Entry['before']): string | undefined {
  const name = state?.['name'] ?? state?.['url']
  return typeof name === 'string' ? name : undefined
}
