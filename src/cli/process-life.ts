// Whether a process runs, and when it began: ids are given out again, after a restart or in another container.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  // Ended, but its parent has not looked yet: signal 0 still finds it. Only Linux tells.
  return statOf(pid)?.[0] !== 'Z'
}

/** When it began, in words that no other process of this id shares; empty where the system does not say. */
export function birthOf(pid: number): string {
  const ticks = statOf(pid)?.[19]
  try {
    // Counted from the machine's start, which has a name of its own.
    if (ticks !== undefined) return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`
    return execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return ''
  }
}

/** What follows the name in Linux's `/proc/<pid>/stat`: the state first, the time of birth as the twentieth. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
