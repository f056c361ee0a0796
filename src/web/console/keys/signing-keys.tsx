// Signing keys: public keys whose playback tokens count for one's films.
import { useSignal } from '@preact/signals'
import type { Result } from '../../../client/client.ts'
import { Confirm } from '../parts/confirm.tsx'
import { CopyButton } from '../parts/copy.tsx'
import { Icon } from '../parts/icon.tsx'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { Time } from '../parts/time.tsx'
import { useClient } from '../session.ts'
import { useCommands } from '../shell/commands.ts'
import { notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { MakeSigningKey } from './make-signing-key.tsx'
import { ShownOnce } from './shown-once.tsx'

type SigningKey = Result<'listSigningKeys'>[number]
type Issued = Result<'createSigningKey'>

type Open =
  | { readonly dialog: 'make' }
  | { readonly dialog: 'shown'; readonly key: Issued }
  | { readonly dialog: 'delete'; readonly key: SigningKey }

export function SigningKeys() {
  const t = texts.value.keys
  const client = useClient()
  const open = useSignal<Open | undefined>(undefined)
  const { loaded, reload } = useLoading('signing-keys', async (signal) => await client.listSigningKeys({}, { signal }))
  const close = (): void => {
    open.value = undefined
  }
  const onMade = (key: Issued): void => {
    open.value = key.private_jwk === undefined ? undefined : { dialog: 'shown', key }
    notify(t.signing.made(key.name))
    void reload()
  }
  useCommands('signing-keys', '', [
    { id: 'make-signing-key', title: t.signing.make, run: () => (open.value = { dialog: 'make' }) },
  ])
  const now = loaded.value
  return (
    <>
      <div class="room-head">
        <p>{t.signing.hint}</p>
        <button type="button" class="button" onClick={() => (open.value = { dialog: 'make' })}>
          <Icon name="plus" />
          {t.signing.make}
        </button>
      </div>
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && now.value.length === 0 && <p class="empty">{t.signing.none}</p>}
      {now.state === 'ready' && (
        <ul class="rows cards">
          {now.value.map((key) => (
            <li key={key.id}>
              <div class="key-main">
                <strong>{key.name}</strong>
                <code>{key.kid}</code>
                <p class="fine">
                  {key.algorithm} · {t.signing.madeAt} <Time at={key.created_at} />
                </p>
              </div>
              <div class="actions">
                <CopyButton text={key.kid} label={t.of(t.signing.copyKid, key.name)} />
                <button
                  type="button"
                  class="button quiet danger"
                  aria-label={t.of(t.delete, key.name)}
                  onClick={() => (open.value = { dialog: 'delete', key })}
                >
                  {t.delete}
                </button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {open.value?.dialog === 'make' && <MakeSigningKey onMade={onMade} onClose={close} />}
      {open.value?.dialog === 'shown' && (
        <ShownOnce
          title={t.shownTitle(open.value.key.name)}
          label={t.signing.privateKey}
          secret={JSON.stringify(open.value.key.private_jwk, undefined, 2)}
          isLong
          onClose={close}
        />
      )}
      {open.value?.dialog === 'delete' && (
        <DeleteSigningKey signingKey={open.value.key} onDeleted={reload} onClose={close} />
      )}
    </>
  )
}

interface DeleteSigningKeyProps {
  readonly signingKey: SigningKey
  readonly onDeleted: () => Promise<void>
  readonly onClose: () => void
}

function DeleteSigningKey({ signingKey, onDeleted, onClose }: DeleteSigningKeyProps) {
  const t = texts.value.keys
  const client = useClient()
  const remove = async (): Promise<void> => {
    await client.deleteSigningKey({ key_id: signingKey.id })
    await onDeleted()
    notify(t.deleted(signingKey.name))
  }
  return (
    <Confirm title={t.deleteTitle(signingKey.name)} action={t.delete} onConfirm={remove} onClose={onClose}>
      <p>{t.signing.deleteHint}</p>
    </Confirm>
  )
}
