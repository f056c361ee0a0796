// Forms as a client writes them, byte for byte.

export const FORM_TYPE = 'multipart/form-data; boundary=b'

/** The parts between their boundaries, each with its headers and its content. */
export function formOf(...parts: readonly string[]): string {
  return `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
}

export function fieldPart(name: string, value: string): string {
  return `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`
}

export function filmPart(content = 'film'): string {
  return `Content-Disposition: form-data; name="file"; filename="film.mp4"\r\nContent-Type: video/mp4\r\n\r\n${content}`
}
