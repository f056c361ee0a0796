// Which programs this machine has that some tests run: what is missing is said at the end of a run, by left-out.ts.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const folders = (process.env['PATH'] ?? '').split(delimiter)

/** Debian's chromium, or another; undefined without one. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** Whether this machine can make and read films: both programs are on the PATH. */
export const hasFfmpeg = ['ffmpeg', 'ffprobe'].every((program) =>
  folders.some((folder) => existsSync(join(folder, program)) || existsSync(join(folder, `${program}.exe`))),
)
