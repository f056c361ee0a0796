// What a developer writes with a signing library in an afternoon: line by line, one signature a file. It reads less
// than lynxgate does (no variables, no checks, no renditions), which flatters the library it is measured with.
import { API_BASE, BUCKET, ENDPOINT, FOLDER } from './place.ts'

/** The playlist with its segments and init sections signed and its keys sent through the API. */
export async function rewriteLines(playlist: string, sign: (url: string) => Promise<string>): Promise<number> {
  const signed = new Map<string, Promise<string>>()
  const signOnce = (name: string): Promise<string> => {
    const known = signed.get(name)
    if (known !== undefined) return known
    const made = sign(`${ENDPOINT}/${BUCKET}/${FOLDER}${name}`)
    signed.set(name, made)
    return made
  }
  const lines = await Promise.all(
    playlist.split(/(?<=\n)/).map(async (line) => {
      const text = line.trimEnd()
      const ending = line.slice(text.length)
      if (text === '') return line
      if (!text.startsWith('#')) return (await signOnce(text)) + ending
      const [, name] = /URI="([^"]+)"/.exec(text) ?? []
      if (name === undefined) return line
      return line.replace(name, text.startsWith('#EXT-X-KEY') ? API_BASE + name : await signOnce(name))
    }),
  )
  return new TextEncoder().encode(lines.join('')).byteLength
}
