// Which rooms there are, and where.
import type { IconName } from './parts/icon.tsx'

export const BASE = '/console'

export const rooms = [
  { id: 'videos', path: `${BASE}/videos`, icon: 'film' },
  { id: 'reports', path: `${BASE}/reports`, icon: 'share' },
  { id: 'analytics', path: `${BASE}/analytics`, icon: 'chart' },
  { id: 'keys', path: `${BASE}/keys`, icon: 'key' },
  { id: 'audit', path: `${BASE}/audit`, icon: 'list' },
  { id: 'health', path: `${BASE}/health`, icon: 'health' },
] as const satisfies readonly { id: string; path: string; icon: IconName }[]

export type RoomId = (typeof rooms)[number]['id']

/** A film, and a section of its page. */
export function filmPath(jobId: string, section?: string): string {
  return `${BASE}/videos/${jobId}${section === undefined ? '' : `/${section}`}`
}
