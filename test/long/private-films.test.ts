// Every packaging as a private film, in every player and in ffmpeg; its playlists are those that are stored.
import { describePrivateFilms } from '../players/private-viewing.ts'
import { PACKAGINGS, packagingsThatBegin } from '../players/packagings.ts'

describePrivateFilms('edge', PACKAGINGS)
describePrivateFilms('s3', packagingsThatBegin('MPEG-TS, two qualities', 'fMP4, byte ranges'))
