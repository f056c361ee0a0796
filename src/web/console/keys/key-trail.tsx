// What happened to a key, and who did it.
import { Dialog } from '../parts/dialog.tsx'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { Time } from '../parts/time.tsx'
import { useClient } from '../session.ts'
import { texts } from '../texts/texts.ts'
import { KeyUsage } from './key-usage.tsx'
import type { ApiKey } from './api-keys.tsx'

export function KeyTrail({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = texts.value.keys
  const client = useClient()
  const { loaded, reload } = useLoading(
    apiKey.id,
    async (signal) => await client.listApiKeyEvents({ key_id: apiKey.id }, { signal }),
  )
  const now = loaded.value
  return (
    <Dialog title={t.of(t.trail, apiKey.name)} onClose={onClose} size="large">
      <KeyUsage apiKey={apiKey} />
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && (
        <ul class="rows">
          {now.value.map((event, index) => (
            <li key={index}>
              <div>
                <strong>{t.events[event.action]}</strong>
                <p class="fine">
                  {t.actors[event.actor_type]} {event.actor_id !== null && <code>{event.actor_id}</code>}
                </p>
              </div>
              <Time at={event.created_at} />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
