// `--list` and `--clean`: what unfinished uploads left, in words or as JSON. Asks no service and makes nothing.
import { realpath } from 'node:fs/promises'
import { KEPT_DAYS, listLeftovers, removeLeftover, type Leftover } from './work-files/leftovers.ts'
import type { Housekeeping } from './options.ts'
import { formatBytes } from './progress.ts'

/** Does it, and gives what to print. */
export async function keepHouse({ task, file, workRoot, isJson }: Housekeeping): Promise<string> {
  const all = await listLeftovers(workRoot)
  if (task === 'list') return isJson ? listJson(workRoot, all) : listText(workRoot, all)
  // A film that is gone is known by the path it had.
  const film = file === undefined ? undefined : await realpath(file).catch(() => file)
  const meant = film === undefined ? all : all.filter((leftover) => leftover.film === film)
  const removed: Leftover[] = []
  for (const leftover of meant) if (await removeLeftover(leftover)) removed.push(leftover)
  const busy = meant.filter((leftover) => !removed.includes(leftover))
  return isJson ? cleanJson(workRoot, removed, busy) : cleanText(removed, busy)
}

/** What is said of leftovers that were removed because of their age. */
export function removedOldText({ film, bytes, usedAtMs }: Leftover): string {
  return `Removed what was left to send of ${film ?? 'a film'} since ${day(usedAtMs)}: ${formatBytes(bytes)}.`
}

function listText(root: string, leftovers: readonly Leftover[]): string {
  if (leftovers.length === 0) return `Unfinished uploads left nothing in ${root}.`
  return [
    `Left to send by unfinished uploads, in ${root}:`,
    ...leftovers.map(
      ({ film, bytes, usedAtMs, processId }) =>
        `  ${day(usedAtMs)}  ${formatBytes(bytes).padStart(7)}  ${film ?? '(a film of an older version)'}` +
        (processId === undefined ? '' : `, being uploaded by process ${processId}`),
    ),
    `The same command as then goes on; --clean removes them, and ${KEPT_DAYS} days without a try do too.`,
  ].join('\n')
}

function cleanText(removed: readonly Leftover[], busy: readonly Leftover[]): string {
  const lines = removed.map(({ film, bytes }) => `Removed ${formatBytes(bytes)} of ${film ?? 'a film'}.`)
  for (const { film } of busy) lines.push(`Kept what is being uploaded: ${film ?? 'a film'}.`)
  return lines.length === 0 ? 'There is nothing to remove.' : lines.join('\n')
}

function listJson(root: string, leftovers: readonly Leftover[]): string {
  return JSON.stringify({ ok: true, folder: root, films: leftovers.map(asJson) })
}

function cleanJson(root: string, removed: readonly Leftover[], busy: readonly Leftover[]): string {
  return JSON.stringify({ ok: true, folder: root, removed: removed.map(asJson), kept: busy.map(asJson) })
}

function asJson({ film, bytes, usedAtMs, processId }: Leftover) {
  return { file: film ?? null, bytes, used_at: new Date(usedAtMs).toISOString(), process: processId ?? null }
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
