// `<lynx-player>`, loaded from its own address when a film is open: the same script as on everybody's pages.

/** What is used of the element; docs/player.md has the rest. */
export interface PlayerElement extends HTMLElement {
  readonly video: HTMLVideoElement
}

const NAME = 'lynx-player'
const SCRIPT = '/assets/lynx-player.js'

let loaded: Promise<void> | undefined

/** With its attributes, which begin to count when it is put into the document. Rejects when the player cannot be loaded. */
export async function makePlayer(attributes: Readonly<Record<string, string | undefined>>): Promise<PlayerElement> {
  loaded ??= loadScript()
  try {
    await loaded
  } catch (error) {
    loaded = undefined
    throw error
  }
  const player = document.createElement(NAME)
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) player.setAttribute(name, value)
  if (!isPlayer(player)) throw new Error('The player did not start')
  return player
}

function isPlayer(element: HTMLElement): element is PlayerElement {
  return 'video' in element
}

async function loadScript(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    script.type = 'module'
    script.src = SCRIPT
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => reject(new Error('The player could not be loaded')))
    document.head.append(script)
  })
}
