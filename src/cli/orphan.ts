// Finds the local runtime that an npm start left behind when it was killed at once: it would keep the port for ever.
import { execFileSync } from 'node:child_process'

/** Ends the workerd that Miniflare started for this port and whose own Node is gone; false when there is none. */
export function endOrphanedRuntime(port: number): boolean {
  if (process.platform === 'win32') return false
  let hasEnded = false
  const processes = listProcesses()
  const listens = new RegExp(`\\bworkerd serve .*--socket-addr=entry=\\S*:${port}(\\s|$)`)
  for (const { pid, parent, command } of processes.values()) {
    if (!listens.test(command) || /\bnode\b/.test(processes.get(parent)?.command ?? '')) continue
    try {
      hasEnded = process.kill(pid, 'SIGKILL') || hasEnded
    } catch {
      // It ended by itself, or belongs to another user: then the port is busy and that is said.
    }
  }
  return hasEnded
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function listProcesses(): Map<number, Process> {
  const processes = new Map<number, Process>()
  try {
    const list = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    for (const line of list.split('\n')) {
      const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      if (pid !== undefined) processes.set(Number(pid), { pid: Number(pid), parent: Number(parent), command })
    }
  } catch {
    // No such ps here: nothing is found.
  }
  return processes
}
