// The name a download gets (RFC 6266, RFC 8187). Pure.

/**
 * `attachment` with a plain name for old clients and the exact one for all others. File names are
 * hostile: quotes, backslashes and controls never reach the header.
 */
export function attachment(fileName: string): string {
  const wellFormed = fileName.toWellFormed()
  const plain = wellFormed.replace(/[^\x20-\x7e]|["\\%/]/g, '_')
  const exact = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
