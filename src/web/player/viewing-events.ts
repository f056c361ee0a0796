// What the player says of a viewing: Common Media Client Data events of hls.js, sent to the address of the viewing itself,
// which is known once the entry playlist is there. A film without a viewing is told to nobody.
import type { HlsConfig } from 'hls.js'

type Cmcd = NonNullable<HlsConfig['cmcd']>
type Send = NonNullable<Cmcd['loader']>

export interface ViewingEvents {
  readonly cmcd: Cmcd
  /** `folder`: where everything of the viewing lies, with its closing slash; undefined: there is none. */
  begin(folder: string | undefined): void
  close(): void
}

/** Stands for the address until it is known. */
const TARGET = 'events'
/** Play state, errors, and every half a minute that it goes on. */
const EVENTS = ['ps', 'e', 't'] as const
const KEYS = ['e', 'ec', 'msd', 'pt', 'sn', 'sta', 'ts', 'v'] as const
/** Silences hls.js for good. */
const NOBODY = { status: 410 }
const TYPE = 'application/cmcd'

export function viewingEvents(video: HTMLVideoElement): ViewingEvents {
  const { promise: address, resolve } = Promise.withResolvers<string | undefined>()
  let known: string | undefined

  const send: Send = async ({ body }) => {
    const url = await address
    if (url === undefined) return NOBODY
    const { status } = await fetch(url, {
      method: 'POST',
      body: body ?? '',
      headers: { 'Content-Type': TYPE },
      keepalive: true,
    })
    return { status }
  }

  /** The page may be gone before anything else is sent. */
  function leave(): void {
    if (known === undefined) return
    const playhead = Math.round(video.currentTime * 1000)
    const state = video.ended ? 'e' : 'q'
    navigator.sendBeacon(known, new Blob([`e=ps,pt=${playhead},sta=${state},ts=${Date.now()},v=2`], { type: TYPE }))
  }
  window.addEventListener('pagehide', leave)

  return {
    // No key is added to requests: segments have one address for all viewers.
    cmcd: {
      version: 2,
      includeKeys: [],
      eventTargets: [{ url: TARGET, version: 2, events: [...EVENTS], includeKeys: [...KEYS] }],
      loader: send,
    },
    begin(folder) {
      known = folder === undefined ? undefined : `${folder}events`
      resolve(known)
    },
    close() {
      window.removeEventListener('pagehide', leave)
    },
  }
}
