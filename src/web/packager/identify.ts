// Whether two files are the same film, without reading them whole.

const SAMPLE_BYTES = 65_536

/** Of name, size, time of the last change, and bytes at its beginning, its middle and its end. */
export async function identify(file: File): Promise<string> {
  const middle = Math.max(0, Math.floor(file.size / 2) - SAMPLE_BYTES / 2)
  const samples = [
    file.slice(0, SAMPLE_BYTES),
    file.slice(middle, middle + SAMPLE_BYTES),
    file.slice(Math.max(0, file.size - SAMPLE_BYTES)),
  ]
  const hash = await crypto.subtle.digest('SHA-256', await new Blob(samples).arrayBuffer())
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return JSON.stringify([file.name, file.size, file.lastModified, hex])
}

/** What `identify` made its text of, as far as people want to know it; undefined for any other text. */
export function identityOf(text: string): { readonly fileName: string; readonly fileBytes: number } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!Array.isArray(value)) return undefined
    const [fileName, fileBytes]: unknown[] = value
    return typeof fileName === 'string' && typeof fileBytes === 'number' ? { fileName, fileBytes } : undefined
  } catch {
    return undefined
  }
}
