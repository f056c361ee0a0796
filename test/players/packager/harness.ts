// The page that the packager's tests drop films on: what the console does, without the console.
import { createClient } from '../../../src/client/client.ts'
import type { FilmUpload } from '../../../src/web/packager/film-upload.ts'
import { createUploads, type Uploads } from '../../../src/web/packager/uploads.ts'

declare global {
  interface Window {
    harness: {
      readonly uploads: Uploads
      /** Every state that the first film was in. */
      readonly history: FilmUpload[]
    }
    rawKey: string
  }
}

const client = createClient({ baseUrl: location.origin, key: window.rawKey })
const uploads = createUploads({ client })
const history: FilmUpload[] = []
uploads.subscribe(() => {
  const [first] = uploads.films()
  if (first !== undefined) history.push(first)
})
const input = document.createElement('input')
input.type = 'file'
input.multiple = true
input.addEventListener('change', () => uploads.add([...(input.files ?? [])]))
document.body.appendChild(input)
window.harness = { uploads, history }
