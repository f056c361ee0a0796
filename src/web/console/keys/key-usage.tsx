// What a key has used of its limits.
import { formatNumber } from '../parts/format.ts'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { texts } from '../texts/texts.ts'
import type { ApiKey } from './api-keys.tsx'

/** Nothing for a key without limits. */
export function KeyUsage({ apiKey }: { apiKey: ApiKey }) {
  return apiKey.limits === null ? null : <Usage id={apiKey.id} />
}

function Usage({ id }: { id: string }) {
  const t = texts.value.keys
  const client = useClient()
  const { loaded, reload } = useLoading(id, async (signal) => await client.getApiKeyUsage({ key_id: id }, { signal }))
  const now = loaded.value
  if (now.state === 'failed') return <Problem error={now.error} onRetry={() => void reload()} />
  if (now.state === 'loading') return null
  return (
    <dl class="properties rows">
      {now.value.limits.map(({ name, limit, used }) => (
        <div key={name}>
          <dt>{t.limits[name]}</dt>
          <dd>{t.usedOf(formatNumber(Math.round(used)), formatNumber(limit))}</dd>
        </div>
      ))}
    </dl>
  )
}
