// How much memory the runtime holds, as Linux sees it.
import { readFile, readdir } from 'node:fs/promises'

/** Resident bytes of the largest `workerd` below a process: the one that runs the Worker. */
export async function runtimeBytes(rootId: number): Promise<number> {
  const processes = await listProcesses()
  const below = new Set([rootId])
  // Parents come before children often enough, but not always: look until nothing is found any more.
  for (let size = 0; size !== below.size;) {
    size = below.size
    for (const { id, parentId } of processes) if (below.has(parentId)) below.add(id)
  }
  const runtimes = processes.filter(({ id, name }) => below.has(id) && name === 'workerd')
  if (runtimes.length === 0) throw new Error('no workerd below this process')
  return Math.max(...(await Promise.all(runtimes.map(({ id }) => residentBytes(id)))))
}

async function listProcesses(): Promise<{ id: number; parentId: number; name: string }[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    ids.map(async (id) => {
      const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')
      const [, name = '', parentId = ''] = /^\d+ \((.*)\) \S (\d+)/.exec(text) ?? []
      return { id: Number(id), parentId: Number(parentId), name }
    }),
  )
  return found.filter(({ name }) => name !== '')
}

async function residentBytes(id: number): Promise<number> {
  const text = await readFile(`/proc/${id}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) * 1024
}
