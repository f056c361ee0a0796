// The small picture above the seek bar. Loads the storyboard when it is first asked for; without one shows the time only.
import { element } from './element.ts'
import { findTile, parseStoryboard, type Tile } from './storyboard.ts'

export interface Preview {
  readonly root: HTMLElement
  /** `part` 0…1 is where on the bar the preview stands. */
  show(seconds: number, part: number, label: string): void
  hide(): void
}

/** `address` of the WebVTT file, '' for none. */
export function makePreview(address: string): Preview {
  const image = element('img', { alt: '', class: 'preview-image', draggable: 'false' })
  const frame = element('div', { class: 'preview-frame' }, image)
  const time = element('span', { class: 'preview-time' })
  const root = element('div', { class: 'preview', 'aria-hidden': 'true' }, frame, time)
  root.hidden = true
  frame.hidden = true

  let tiles: readonly Tile[] | undefined
  let wanted = 0
  // A sprite whose signature has ended is asked for anew, once: a missing one must not be asked for again and again.
  let loadsLeft = address === '' ? 0 : 2

  function load(): void {
    if (tiles || loadsLeft === 0) return
    loadsLeft -= 1
    tiles = []
    fetchTiles(address).then(
      (loaded) => {
        tiles = loaded
        drawTile()
      },
      () => undefined,
    )
  }
  function drawTile(): void {
    const tile = findTile(tiles ?? [], wanted)
    frame.hidden = tile === undefined
    if (!tile) return
    frame.style.setProperty('width', `${tile.width}px`)
    frame.style.setProperty('height', `${tile.height}px`)
    image.style.setProperty('transform', `translate(${-tile.x}px, ${-tile.y}px)`)
    if (image.src !== tile.image) image.src = tile.image
  }
  image.addEventListener('error', () => {
    frame.hidden = true
    tiles = undefined
    load()
  })

  return {
    root,
    show(seconds, part, label) {
      wanted = seconds
      load()
      root.hidden = false
      time.textContent = label
      drawTile()
      root.style.setProperty('--part', String(part))
    },
    hide() {
      root.hidden = true
    },
  }
}

/** None for a film that has no storyboard. Addresses inside are relative to where the file was found. */
async function fetchTiles(address: string): Promise<readonly Tile[]> {
  const response = await fetch(address)
  if (!response.ok) return []
  const tiles = parseStoryboard(await response.text())
  return tiles.map((tile) => ({ ...tile, image: new URL(tile.image, response.url).href }))
}
