// The watch page: starts its one player.
import { startPlayer } from '../player/player.ts'

const root = document.querySelector<HTMLElement>('.player')
if (root) startPlayer(root)
