// What ffmpeg and ffprobe are told: scripts of their names stand before them on the PATH, take note and call them.
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The arguments of each call that is made meanwhile; needs a folder to write to. */
export async function recordCalls(folder: string, work: () => Promise<void>): Promise<string[][]> {
  const bin = await mkdtemp(join(folder, 'bin-'))
  const log = join(bin, 'calls')
  const path = process.env['PATH'] ?? ''
  await writeFile(log, '')
  for (const tool of ['ffmpeg', 'ffprobe']) {
    // In one piece, for calls may be made at once.
    const note = `{ for a in ${tool} "$@"; do printf '%s\\0' "$a"; done; printf '\\n'; } > "${bin}/$$" && cat "${bin}/$$" >> '${log}'`
    await writeFile(join(bin, tool), `#!/bin/sh\n${note}\nPATH='${path}' exec ${tool} "$@"\n`)
    await chmod(join(bin, tool), 0o755)
  }
  process.env['PATH'] = bin + delimiter + path
  try {
    await work()
  } finally {
    process.env['PATH'] = path
  }
  return (await readFile(log, 'utf8')).split('\0\n').map((line) => line.split('\0'))
}
