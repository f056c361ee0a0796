// Renditions and audio tracks on the video element, as media-chrome's menus read them (github.com/video-dev/media-ui-extensions).
import type { PlayerEngine, Rendition, Sound } from './player-engine.ts'

/** Array-like and an event target, as lists of tracks in HTML are. */
class TrackList<Item> extends EventTarget {
  readonly [index: number]: Item
  length = 0;

  *[Symbol.iterator](): Iterator<Item> {
    for (let index = 0; index < this.length; index += 1) {
      const item = this[index]
      if (item !== undefined) yield item
    }
  }

  fill(items: readonly Item[]): void {
    for (const [index, item] of items.entries()) Reflect.set(this, index, item)
    for (let index = items.length; index < this.length; index += 1) Reflect.deleteProperty(this, index)
    this.length = items.length
  }
}

class RenditionList extends TrackList<Rendition> {
  /** −1 is Auto. */
  selected = -1
  onSelect: (index: number) => void = () => undefined
  get selectedIndex(): number {
    return this.selected
  }
  set selectedIndex(index: number) {
    this.onSelect(index)
  }
}

interface AudioTrack extends Sound {
  readonly id: string
  readonly kind: string
  enabled: boolean
}

export interface TrackLists {
  /** Makes the lists true to what the engine says now. */
  refresh(): void
}

export function addTrackLists(video: HTMLVideoElement, engine: () => PlayerEngine | undefined): TrackLists {
  const renditions = new RenditionList()
  const sounds = new TrackList<AudioTrack>()
  renditions.onSelect = (index) => engine()?.selectRendition(index)
  Object.defineProperty(video, 'videoRenditions', { value: renditions, configurable: true })
  if (!('audioTracks' in video)) Object.defineProperty(video, 'audioTracks', { value: sounds, configurable: true })

  const audioTrack = ({ label, language }: Sound, index: number): AudioTrack => ({
    id: String(index),
    kind: '',
    label,
    language,
    get enabled() {
      return engine()?.sounds()?.selected === index
    },
    set enabled(isEnabled) {
      if (isEnabled && !this.enabled) engine()?.selectSound(index)
    },
  })

  let known = ''
  return {
    refresh() {
      const now = engine()
      if (!now) return
      // One quality is no choice.
      const { list, selected } = now.renditions()
      const offered = list.length > 1 ? list : []
      const heard = now.sounds()?.list ?? []
      const next = JSON.stringify([offered, heard])
      renditions.selected = selected
      if (next !== known) {
        known = next
        renditions.fill(offered)
        sounds.fill(heard.map(audioTrack))
        renditions.dispatchEvent(new Event('addrendition'))
        sounds.dispatchEvent(new Event('addtrack'))
      }
      renditions.dispatchEvent(new Event('change'))
      sounds.dispatchEvent(new Event('change'))
    },
  }
}
