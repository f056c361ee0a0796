// The id of an event, which every delivery of it carries. Pure.

/** `evt_` and the digits of a UUID: without a dot, which separates id and time in what is signed. */
export function formatEventId(uuid: string): string {
  return `evt_${uuid.replaceAll('-', '')}`
}
