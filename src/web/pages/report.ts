// The report page: its player, and moments of the report that seek it.
import { startPagePlayer } from '../player/page-player.ts'

const player = startPagePlayer()

document.querySelector('.report')?.addEventListener('click', (event) => {
  const moment = event.target instanceof Element ? event.target.closest<HTMLElement>('.moment') : null
  if (!moment || !player) return
  player.seekTo(Number(moment.dataset['seconds']))
  player.video.scrollIntoView({ block: 'nearest' })
})
