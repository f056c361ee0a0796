// Keys that a scanner found in public: they are switched off, and their owner is told. Whoever holds one may do no more
// than that with it here.
import { hashApiKey, isApiKey, type KeyHash } from '../../core/auth/api-key.ts'
import { Fault } from '../../core/fault.ts'
import type { Revocations } from '../auth/revocations.ts'

/** What a scanner says it found. */
export interface Finding {
  readonly token: string
  readonly type: string
  /** Where; undefined when it does not say. */
  readonly url: string | undefined
}

export interface ScannerSignature {
  /** Of the raw body, by a key that the scanner publishes; throws 503 when its keys cannot be had. */
  isGenuine(message: {
    readonly keyId: string
    readonly signature: string
    readonly body: Uint8Array<ArrayBuffer>
  }): Promise<boolean>
}

export interface LeakedKeyStore {
  /** Switches the key off, if it is on, and writes what tells its owner; its id, undefined when there is no such key. */
  switchOff(leak: {
    readonly hash: KeyHash
    readonly url: string | undefined
    readonly nowMs: number
  }): Promise<string | undefined>
}

export interface LeakedKeyDeps {
  readonly scannerSignature: ScannerSignature
  readonly leakedKeys: LeakedKeyStore
  readonly revocations: Revocations
  readonly nowMs: () => number
}

export interface Verdict {
  readonly token: string
  readonly type: string
  readonly isKey: boolean
}

/** 400 unless the scanner signed it, and then nothing of it is read. A text that is no key of ours costs no I/O. */
export async function receiveLeaks(
  deps: LeakedKeyDeps,
  message: Parameters<ScannerSignature['isGenuine']>[0],
  readFindings: (body: Uint8Array) => readonly Finding[],
): Promise<readonly Verdict[]> {
  if (!(await deps.scannerSignature.isGenuine(message))) throw new Fault('bad_request', 'Invalid signature')
  const verdicts: Verdict[] = []
  for (const { token, type, url } of readFindings(message.body)) {
    const nowMs = deps.nowMs()
    const hash = isApiKey(token) ? hashApiKey(token) : undefined
    const keyId = hash === undefined ? undefined : await deps.leakedKeys.switchOff({ hash, url, nowMs })
    if (keyId !== undefined) deps.revocations.revokeAt(keyId, nowMs)
    verdicts.push({ token, type, isKey: keyId !== undefined })
  }
  return verdicts
}
