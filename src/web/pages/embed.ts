// The page inside an iframe: the player, and what it says to the page around it.
import { linkToParent, type ParentLink } from '../player/embed-protocol.ts'
import { jobIdIn, startPagePlayer } from '../player/page-player.ts'
import { readParents } from '../player/parents.ts'
import type { Player } from '../player/player.ts'

const { parents, title = document.title } = document.querySelector<HTMLElement>('.player')?.dataset ?? {}
const address = new URL(location.href)
const jobId = jobIdIn(address)
let link: ParentLink | undefined
const player: Player | undefined = startPagePlayer({
  // The page of the film itself; a private one has none that may be passed on.
  page: jobId === undefined || address.searchParams.has('token') ? undefined : new URL(`/watch/${jobId}`, address).href,
  onTrouble: (trouble, message) => link?.error(trouble, message),
})
link = linkToParent(() => player, title, readParents(parents))
