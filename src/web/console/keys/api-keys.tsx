// API keys: listed, made, rotated, switched off and on, deleted; and what happened to each.
import { useSignal } from '@preact/signals'
import type { Result } from '../../../client/client.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Icon } from '../parts/icon.tsx'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { useCommands } from '../shell/commands.ts'
import { attempt, notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { ApiKeyRow } from './api-key-row.tsx'
import { KeyTrail } from './key-trail.tsx'
import { MakeKey } from './make-key.tsx'
import { RotateKey } from './rotate-key.tsx'
import { ShownOnce } from './shown-once.tsx'

export type ApiKey = Result<'listApiKeys'>[number]
type Issued = Result<'createApiKey'>

type Open =
  | { readonly dialog: 'make' }
  | { readonly dialog: 'shown'; readonly key: Issued }
  | { readonly dialog: 'rotate' | 'delete' | 'trail'; readonly key: ApiKey }

export function ApiKeys() {
  const t = texts.value.keys
  const client = useClient()
  const open = useSignal<Open | undefined>(undefined)
  const { loaded, reload } = useLoading('api-keys', async (signal) => await client.listApiKeys({}, { signal }))
  const close = (): void => {
    open.value = undefined
  }
  const show = (key: Issued): void => {
    open.value = { dialog: 'shown', key }
    void reload()
  }
  const setActive = async (key: ApiKey, isActive: boolean): Promise<void> => {
    await client.updateApiKey({ key_id: key.id, is_active: isActive })
    await reload()
  }
  const toggle = async (key: ApiKey): Promise<void> => {
    await setActive(key, !key.is_active)
    notify(key.is_active ? t.switchedOff(key.name) : t.switchedOn(key.name), () => setActive(key, key.is_active))
  }
  const rename = async (key: ApiKey, name: string): Promise<void> => {
    await client.updateApiKey({ key_id: key.id, name })
    await reload()
  }
  useCommands('api-keys', '', [{ id: 'make-key', title: t.make, run: () => (open.value = { dialog: 'make' }) }])
  const now = loaded.value
  return (
    <>
      <div class="room-head">
        <p>{t.hint}</p>
        <button type="button" class="button" onClick={() => (open.value = { dialog: 'make' })}>
          <Icon name="plus" />
          {t.make}
        </button>
      </div>
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && now.value.length === 0 && <p class="empty">{t.none}</p>}
      {now.state === 'ready' && (
        <ul class="rows cards">
          {now.value.map((key) => (
            <ApiKeyRow
              key={key.id}
              apiKey={key}
              onRename={(name) => void attempt(() => rename(key, name))}
              onToggle={() => void attempt(() => toggle(key))}
              onOpen={(dialog) => (open.value = { dialog, key })}
            />
          ))}
        </ul>
      )}
      {open.value?.dialog === 'make' && <MakeKey onMade={show} onClose={close} />}
      {open.value?.dialog === 'shown' && (
        <ShownOnce
          title={t.shownTitle(open.value.key.name)}
          label={t.key}
          secret={open.value.key.raw_key}
          use={`curl ${location.origin}/api/videos -H 'Authorization: ${open.value.key.raw_key}'`}
          onClose={close}
        />
      )}
      {open.value?.dialog === 'rotate' && <RotateKey apiKey={open.value.key} onRotated={show} onClose={close} />}
      {open.value?.dialog === 'trail' && <KeyTrail apiKey={open.value.key} onClose={close} />}
      {open.value?.dialog === 'delete' && <DeleteKey apiKey={open.value.key} onDeleted={reload} onClose={close} />}
    </>
  )
}

interface DeleteKeyProps {
  readonly apiKey: ApiKey
  readonly onDeleted: () => Promise<void>
  readonly onClose: () => void
}

function DeleteKey({ apiKey, onDeleted, onClose }: DeleteKeyProps) {
  const t = texts.value.keys
  const client = useClient()
  const remove = async (): Promise<void> => {
    await client.deleteApiKey({ key_id: apiKey.id })
    await onDeleted()
    notify(t.deleted(apiKey.name))
  }
  return (
    <Confirm title={t.deleteTitle(apiKey.name)} action={t.delete} onConfirm={remove} onClose={onClose}>
      <p>{t.deleteHint}</p>
    </Confirm>
  )
}
