// The watch page: starts its one player.
import { startPagePlayer } from '../player/page-player.ts'

startPagePlayer()
