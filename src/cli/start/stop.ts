// When npm start is to stop: at a signal, or when the npm that started it is gone. npm puts a shell between; a signal to
// npm ends the shell at most, and the service would go on, keep its port, and belong to no terminal.
import { execFileSync } from 'node:child_process'

export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const LOOK_EVERY_MS = 500

export interface Stop {
  /** From now on what asks to stop resolves this, and the process is not ended at once any more. */
  readonly requested: () => Promise<void>
}

/** Listens to the signals that ask to stop, and to the end of npm. */
export function onStop(endAtOnce: () => void): Stop {
  let stop = endAtOnce
  for (const signal of STOP_SIGNALS) process.on(signal, () => stop())
  watchNpm(() => stop())
  return {
    requested: async () => {
      await new Promise<void>((resolve) => {
        stop = resolve
      })
      stop = endAtOnce
    },
  }
}

/** Calls back once when npm is gone; does nothing where there is no npm. */
function watchNpm(onGone: () => void): void {
  if (process.env['npm_lifecycle_event'] !== 'start' || process.platform === 'win32') return
  const parent = process.ppid
  const npm = npmAbove(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isThere(npm))) return
    clearInterval(timer)
    onGone()
  }, LOOK_EVERY_MS)
  timer.unref()
}

/** The process above the shell; undefined when the parent is npm itself, or cannot be looked at. */
function npmAbove(pid: number): number | undefined {
  try {
    const [parent, ...command] = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
    return /(^|\/)(ba|da|z)?sh$/.test(command[0] ?? '') && command[1] === '-c' ? Number(parent) : undefined
  } catch {
    return undefined
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
