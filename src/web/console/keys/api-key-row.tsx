// One API key in the list.
import { Badge } from '../parts/badge.tsx'
import { EditText } from '../parts/edit-text.tsx'
import { formatNumber } from '../parts/format.ts'
import { Time } from '../parts/time.tsx'
import { texts } from '../texts/texts.ts'
import type { ApiKey } from './api-keys.tsx'

interface ApiKeyRowProps {
  readonly apiKey: ApiKey
  readonly onRename: (name: string) => void
  readonly onToggle: () => void
  readonly onOpen: (dialog: 'rotate' | 'delete' | 'trail') => void
}

export function ApiKeyRow({ apiKey, onRename, onToggle, onOpen }: ApiKeyRowProps) {
  const t = texts.value.keys
  const { name, key_prefix: prefix, scopes } = apiKey
  const minute = apiKey.limits?.requests_per_minute
  const isExpired = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) <= Date.now()
  return (
    <li>
      <div class="key-main">
        <EditText value={name} label={t.name} placeholder={t.name} maxLength={100} onSave={onRename} class="strong" />
        <code>{prefix}</code>
        <p class="scopes">
          {scopes.map((scope) => (
            <span key={scope} class="chip">
              {scope === '*' ? t.everything : scope}
            </span>
          ))}
        </p>
        {apiKey.allowed_ips !== null && <p class="fine">{t.onlyFrom(apiKey.allowed_ips.join(', '))}</p>}
        {minute !== undefined && <p class="fine">{t.limited(formatNumber(minute))}</p>}
      </div>
      <div class="key-times">
        <Badge tone={isExpired || !apiKey.is_active ? 'bad' : 'good'}>
          {isExpired ? t.expired : apiKey.is_active ? t.active : t.off}
        </Badge>
        <p class="fine">
          {apiKey.last_used_at === null ? (
            t.neverUsed
          ) : (
            <>
              {t.used} <Time at={apiKey.last_used_at} />
            </>
          )}
        </p>
        <p class="fine">
          {apiKey.expires_at === null ? (
            t.noEnd
          ) : (
            <>
              {isExpired ? t.ended : t.ends} <Time at={apiKey.expires_at} />
            </>
          )}
        </p>
      </div>
      <div class="actions">
        <button type="button" class="button quiet" onClick={() => onOpen('rotate')} aria-label={t.of(t.rotate, name)}>
          {t.rotate}
        </button>
        <button
          type="button"
          class="button quiet"
          onClick={onToggle}
          aria-label={t.of(apiKey.is_active ? t.switchOff : t.switchOn, name)}
        >
          {apiKey.is_active ? t.switchOff : t.switchOn}
        </button>
        <button type="button" class="button quiet" onClick={() => onOpen('trail')} aria-label={t.of(t.trail, name)}>
          {t.trail}
        </button>
        <button
          type="button"
          class="button quiet danger"
          onClick={() => onOpen('delete')}
          aria-label={t.of(t.delete, name)}
        >
          {t.delete}
        </button>
      </div>
    </li>
  )
}
