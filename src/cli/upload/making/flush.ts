// What was written is on the disk only after it was flushed: a power cut leaves empty files under whole names otherwise.
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const AT_ONCE = 8

/** Waits until a file, or a folder with all that is in it, is on the disk. */
export async function flush(path: string): Promise<void> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.map((entry) => join(entry.parentPath, entry.name))
  for (let i = 0; i < files.length; i += AT_ONCE) await Promise.all(files.slice(i, i + AT_ONCE).map(flushOne))
  await flushOne(path)
}

async function flushOne(path: string): Promise<void> {
  const file = await open(path)
  try {
    // Some file systems cannot flush a folder, and need not.
    await file.sync().catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw error
    })
  } finally {
    await file.close()
  }
}
