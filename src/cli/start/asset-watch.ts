// Notices that the pages' files were built anew: the running service knows those of its start only.
import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../public', import.meta.url))

/** A build writes many files: they count as one change. */
const QUIET_MS = 500

/** Calls back after each build that changed something; what it gives ends it. A system that cannot watch says nothing. */
export function watchAssets(changed: () => void, folder: string = FOLDER): () => void {
  let timer: NodeJS.Timeout | undefined
  try {
    const watcher = watch(folder, { recursive: true }, () => {
      clearTimeout(timer)
      timer = setTimeout(changed, QUIET_MS)
    })
    watcher.on('error', () => watcher.close())
    return () => {
      clearTimeout(timer)
      watcher.close()
    }
  } catch {
    return () => undefined
  }
}
