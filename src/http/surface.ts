// Which product a path belongs to. Decided on the raw path, the same string that is routed.
import { clipzy, lynxvizion, type ErrorWriter } from './error-format.ts'

export interface Surface {
  readonly name: 'clipzy' | 'lynxvizion' | 'playback' | 'pages'
  readonly writeError: ErrorWriter
  /** Whose list of origins applies. */
  readonly cors: 'api' | 'playback' | 'everyone'
}

const CLIPZY: Surface = { name: 'clipzy', writeError: clipzy, cors: 'api' }
const PLAYBACK: Surface = { name: 'playback', writeError: lynxvizion, cors: 'playback' }
const LYNXVIZION: Surface = { name: 'lynxvizion', writeError: lynxvizion, cors: 'api' }
/** What any site may ask. */
const OEMBED: Surface = { name: 'lynxvizion', writeError: lynxvizion, cors: 'everyone' }
const PAGES: Surface = { name: 'pages', writeError: lynxvizion, cors: 'api' }

const PAGE_FOLDERS = ['/watch', '/embed', '/r', '/console']

/** Total: an unknown path has LynxVizion's error format. */
export function surfaceOf(path: string): Surface {
  if (isBelow(path, '/api/v1')) return CLIPZY
  if (isBelow(path, '/api/playback') || isBelow(path, '/media') || isBelow(path, '/v')) return PLAYBACK
  if (path === '/api/oembed') return OEMBED
  if (path === '/' || path === '/docs' || PAGE_FOLDERS.some((folder) => isBelow(path, folder))) return PAGES
  return LYNXVIZION
}

function isBelow(path: string, root: string): boolean {
  return path.startsWith(root) && (path.length === root.length || path[root.length] === '/')
}
