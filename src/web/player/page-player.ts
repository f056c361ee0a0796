// Starts the player on a page of ours: reads what the server wrote into its element (src/http/pages/player.ts).
import { parseMoment } from './links.ts'
import { startPlayer, type Player, type PlayerOptions } from './player.ts'
import { keepToken } from './token-keeper.ts'

/** `undefined` when the page has no film to play. */
export function startPagePlayer(options: Partial<PlayerOptions> = {}): Player | undefined {
  const root = document.querySelector<HTMLElement>('.player')
  const status = root?.querySelector<HTMLElement>('.message')
  const video = root?.querySelector('video')
  if (!root || !status || !video) return undefined
  const { stream, original, readyCheck, state, tokenUrl, title, start } = root.dataset
  const asked = new URLSearchParams(location.search)
  const address = new URL(stream ?? original ?? '', location.href)
  const token = address.searchParams.get('token') ?? undefined
  const tokens = keepToken(token, tokenUrl)
  const signed = (path: string | undefined): (() => string) | undefined =>
    path === undefined ? undefined : () => tokens.sign(path)
  const film = {
    stream: signed(stream),
    original: signed(original),
    readyCheck: signed(readyCheck),
    renew: tokenUrl === undefined ? undefined : () => tokens.renew(),
    title: title ?? document.title,
    poster: video.poster || undefined,
    id: jobIdIn(address),
    isPrivate: token !== undefined,
    isReady: state === 'ready',
  }
  return startPlayer(root, video, status, film, {
    keys: document,
    page: location.href,
    // The server has chosen it, as the page's own words are.
    language: document.documentElement.lang || undefined,
    start: parseMoment(asked.get('t')) ?? parseMoment(start),
    ...options,
  })
}

/** Of an address of the playback API. */
export function jobIdIn(address: URL): string | undefined {
  return /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/.exec(address.href)?.[0]
}
