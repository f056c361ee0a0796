// Moments of the film in addresses: `?t=90`, `?t=1m30s`.

const FORM = /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6}(?:\.\d{1,3})?)s?)?$/

/** Seconds of `90`, `90s`, `1m30s`, `1h2m3s`; `undefined` for anything else. */
export function parseMoment(text: string | null | undefined): number | undefined {
  const found = text ? FORM.exec(text.trim().toLowerCase()) : null
  if (!found) return undefined
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0))
  return hours * 3600 + minutes * 60 + seconds
}

/** `page` with the moment in it; other parameters stay, such as a token. */
export function linkAt(page: string, seconds: number): string {
  const address = new URL(page)
  address.searchParams.set('t', String(Math.max(0, Math.floor(seconds))))
  address.hash = ''
  return address.href
}
