// Keys: what programs call the API with, and what playback tokens are signed with.
import { useRoute } from 'preact-iso/router'
import { BASE } from '../rooms.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'
import { ApiKeys } from './api-keys.tsx'
import { SigningKeys } from './signing-keys.tsx'

export const KEY_TABS = ['api', 'signing'] as const

export function KeysRoom() {
  const t = texts.value
  const { params } = useRoute()
  const tab = params['tab'] === 'signing' ? 'signing' : 'api'
  useTitle(t.rooms.keys)
  return (
    <div class="room">
      <h1>{t.rooms.keys}</h1>
      <nav class="tabs" aria-label={t.keys.kinds}>
        {KEY_TABS.map((one) => (
          <a
            key={one}
            href={one === 'api' ? `${BASE}/keys` : `${BASE}/keys/signing`}
            aria-current={one === tab ? 'page' : undefined}
          >
            {t.keys.tabs[one]}
          </a>
        ))}
      </nav>
      {tab === 'api' ? <ApiKeys /> : <SigningKeys />}
    </div>
  )
}
