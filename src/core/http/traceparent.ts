// W3C Trace Context, version 00. Pure: randomness is handed in.

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The caller's trace when it is a valid one, otherwise a new one made of two random UUIDs. */
export function continueTrace(inbound: string | undefined, newUuid: () => string): string {
  if (inbound !== undefined && TRACEPARENT.test(inbound)) return inbound
  const traceId = newUuid().replaceAll('-', '')
  const parentId = newUuid().replaceAll('-', '').slice(0, 16)
  return `00-${traceId}-${parentId}-00`
}
