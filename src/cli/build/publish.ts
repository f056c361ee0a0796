// Puts what a build made into its folder.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes what differs and removes what is no longer made, so that a watcher of the folder sees real changes only. */
export async function publish(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    if (!files.has(name)) await rm(join(folder, name), { recursive: true })
  }
  for (const [name, contents] of files) {
    const path = join(folder, name)
    const present = await readFile(path).catch(() => undefined)
    if (present === undefined || !present.equals(contents)) await writeFile(path, contents)
  }
}
