// Which pages may talk to an embedded player. Pure.

/** Origin patterns, such as `https://*.example.com`; `"*"` for any. */
export type Parents = '*' | readonly string[]

/** Of a `data-parents` attribute: JSON of a list or of `"*"`. Nobody when it is anything else. */
export function readParents(text: string | undefined): Parents {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    if (value === '*') return '*'
    return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
  } catch {
    return []
  }
}

/** `https://*.example.com` is every name below example.com, at the same scheme and port. */
export function mayEmbed(origin: string, parents: Parents): boolean {
  if (!/^https?:\/\/[^/]+$/.test(origin)) return false
  if (parents === '*') return true
  return parents.some((pattern) => {
    const [scheme, rest = ''] = pattern.split('://*.')
    if (rest === '') return origin === pattern
    return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${rest}`)
  })
}
