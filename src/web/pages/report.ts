// The report page: its player, and moments of the report that seek it.
import { startPlayer } from '../player/player.ts'

const root = document.querySelector<HTMLElement>('.player')
const player = root ? startPlayer(root) : undefined

document.querySelector('.report')?.addEventListener('click', (event) => {
  const moment = event.target instanceof Element ? event.target.closest<HTMLElement>('.moment') : null
  if (!moment || !player || !root) return
  player.seekTo(Number(moment.dataset['seconds']))
  root.scrollIntoView({ block: 'nearest' })
})
