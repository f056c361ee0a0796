// Every packaging as a private film, in every player and in ffmpeg; its playlists are those that are stored.
import { describePrivateFilms } from '../players/private-viewing.ts'
import { PACKAGINGS } from '../players/packagings.ts'

describePrivateFilms('edge', PACKAGINGS)
