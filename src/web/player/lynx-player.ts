// `<lynx-player>`: the player as an element for any page, on any origin. It has the attributes below, and the properties,
// methods and events of a video element.
import sheetText from './player.css?text'
import { element } from './element.ts'
import { parseMoment } from './links.ts'
import { startPlayer, type Film, type Player } from './player.ts'
import { keepToken, type TokenKeeper } from './token-keeper.ts'

/** Where this script came from is where films come from. */
const GATE = new URL('/', import.meta.url)

/** Changing one of them loads the film anew. */
const SOURCE = ['src', 'job-id', 'poster', 'start', 'lang', 'token-url']

const EVENTS =
  'abort canplay canplaythrough durationchange emptied ended loadeddata loadedmetadata loadstart pause play playing ' +
  'progress ratechange resize seeked seeking stalled suspend timeupdate volumechange waiting ' +
  'enterpictureinpicture leavepictureinpicture'

let sheet: CSSStyleSheet | undefined

class LynxPlayer extends HTMLElement {
  static readonly observedAttributes = [...SOURCE, 'token', 'muted', 'loop']

  readonly #shadow = this.attachShadow({ mode: 'open', delegatesFocus: true })
  #video = element('video', { playsinline: '', preload: 'none' })
  #player: Player | undefined
  #tokens: TokenKeeper | undefined
  #isDue = false

  /** The video element inside: for what this element does not forward. */
  get video(): HTMLVideoElement {
    return this.#video
  }

  get src(): string {
    return this.getAttribute('src') ?? ''
  }
  set src(address: string) {
    this.setAttribute('src', address)
  }

  connectedCallback(): void {
    this.#load()
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.isConnected) return
    if (name === 'muted') this.#video.muted = now !== null
    else if (name === 'loop') this.#video.loop = now !== null
    // A new token is for the next load, unless the film could not begin without it.
    else if (name !== 'token' || before === null) this.#load()
    else this.#keepTokens()
  }

  /** Once, however many attributes change together. */
  #load(): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      this.#stop()
      if (this.isConnected) void this.#begin()
    })
  }

  #stop(): void {
    this.#player?.stop()
    this.#player = undefined
    this.#tokens?.stop()
  }

  #keepTokens(): TokenKeeper {
    this.#tokens?.stop()
    const url = this.getAttribute('token-url')
    const address = url === null ? undefined : new URL(url, document.baseURI).href
    this.#tokens = keepToken(this.getAttribute('token') ?? undefined, address)
    return this.#tokens
  }

  async #begin(): Promise<void> {
    const video = element('video', { playsinline: '', preload: 'none', crossorigin: 'anonymous' })
    const status = element('div', { class: 'message', role: 'status' })
    status.hidden = true
    const root = element('section', { class: 'player' }, video, status)
    if (!sheet) {
      sheet = new CSSStyleSheet()
      sheet.replaceSync(sheetText)
    }
    this.#shadow.adoptedStyleSheets = [sheet]
    this.#shadow.replaceChildren(root)
    this.#video = video
    for (const type of EVENTS.split(' ')) video.addEventListener(type, () => this.dispatchEvent(new Event(type)))
    video.muted = this.hasAttribute('muted')
    video.loop = this.hasAttribute('loop')

    const tokens = this.#keepTokens()
    if (this.hasAttribute('token-url') && !this.hasAttribute('token')) await tokens.renew()
    if (tokens !== this.#tokens || !this.isConnected) return
    const film = this.#film(tokens)
    if (!film) return
    if (film.poster !== undefined) video.poster = film.poster
    video.setAttribute('aria-label', film.title)
    this.#player = startPlayer(root, video, status, film, {
      language: this.getAttribute('lang') ?? undefined,
      start: parseMoment(this.getAttribute('start')),
      keys: this,
      isMuteGiven: this.hasAttribute('muted'),
      onTrouble: (code, message) => this.dispatchEvent(new CustomEvent('error', { detail: { code, message } })),
    })
    if (this.hasAttribute('autoplay')) video.play().catch(() => undefined)
  }

  #film(tokens: TokenKeeper): Film | undefined {
    const id = this.getAttribute('job-id') ?? undefined
    const source = this.getAttribute('src') ?? undefined
    const isPrivate = this.hasAttribute('token') || this.hasAttribute('token-url')
    const renew = this.hasAttribute('token-url') ? () => tokens.renew() : undefined
    const facts = { title: this.title || this.getAttribute('aria-label') || '', isPrivate, isReady: true, renew }
    const poster = this.getAttribute('poster') ?? undefined
    if (id !== undefined) {
      const of = (path: string) => (): string => tokens.sign(new URL(path, GATE).href)
      const job = encodeURIComponent(id)
      return {
        ...facts,
        id,
        stream: of(`/api/playback/stream/${job}/index.m3u8`),
        original: of(`/api/playback/direct?job_id=${job}`),
        poster: poster ?? of(`/api/playback/thumbnail/${job}`)(),
      }
    }
    if (source === undefined) return undefined
    const address = new URL(source, document.baseURI)
    const signed = (): string => tokens.sign(address.href)
    const kind = address.pathname.endsWith('.m3u8') ? { stream: signed } : { original: signed }
    return { ...facts, ...kind, id: `${address.origin}${address.pathname}`, poster }
  }
}

/** What a video element has and this one has not yet, passed on to the video. */
for (const prototype of [HTMLVideoElement.prototype, HTMLMediaElement.prototype]) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name in LynxPlayer.prototype) continue
    const isMethod = typeof property.value === 'function'
    const read = ({ video }: LynxPlayer): unknown => Reflect.get(video, name)
    Object.defineProperty(LynxPlayer.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: LynxPlayer): unknown {
        const value = read(this)
        return isMethod && typeof value === 'function' ? value.bind(this.video) : value
      },
      set(this: LynxPlayer, value: unknown) {
        Reflect.set(this.video, name, value)
      },
    })
  }
}

if (!customElements.get('lynx-player')) customElements.define('lynx-player', LynxPlayer)
