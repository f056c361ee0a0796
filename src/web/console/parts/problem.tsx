// What went wrong, in the service's own words, and a way on.
import { LynxgateError } from '../../../client/client.ts'
import { texts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'

/** The sentence of an error for people. */
export function explain(error: unknown): string {
  const t = texts.value
  if (!(error instanceof LynxgateError)) return error instanceof Error ? error.message : String(error)
  if (error.status === undefined) return t.problems.network
  if (error.status === 429) return t.problems.tooMany
  const scope = /^API key lacks the scope (\S+)$/.exec(error.detail)?.[1]
  if (scope !== undefined) return t.problems.scope(scope)
  return error.detail
}

export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const requestId = error instanceof LynxgateError ? error.requestId : undefined
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <div>
        <p>{explain(error)}</p>
        {requestId !== undefined && <p class="fine">{texts.value.problems.request(requestId)}</p>}
      </div>
      {onRetry !== undefined && (
        <button type="button" class="button quiet" onClick={onRetry}>
          {texts.value.tryAgain}
        </button>
      )}
    </div>
  )
}
