// What the kernel knows of a process: its processor time and its memory. Linux only; elsewhere undefined.
import { readFileSync, readdirSync } from 'node:fs'

/** The newest child of this process that runs workerd. */
export function newestWorkerd(): number | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => isOurWorkerd(pid))
      .sort((a, b) => b - a)[0]
  } catch {
    return undefined
  }
}

function isOurWorkerd(pid: number): boolean {
  try {
    const [, name, , parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return name === 'workerd' && Number(parent) === process.pid
  } catch {
    // It ended meanwhile.
    return false
  }
}

/**
 * Processor time so far of the thread that runs the isolate, in milliseconds: what a platform bills, and hardly moved
 * by what else the machine does. V8's helpers (compilers, collectors) are left out.
 */
export function processorMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

/** Its resident memory now and at its highest, in bytes. */
export function residentBytes(pid: number): { now: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024
  return { now: read('VmRSS'), highest: read('VmHWM') }
}

/** Forgets how high its memory has been. */
export async function resetHighest(pid: number): Promise<void> {
  const { writeFile } = await import('node:fs/promises')
  await writeFile(`/proc/${pid}/clear_refs`, '5')
}
