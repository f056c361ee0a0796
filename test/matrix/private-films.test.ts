// Private films of the packagings that differ most in what a player asks for, in every player and in ffmpeg.
import { describePrivateFilms } from '../players/private-viewing.ts'
import { packagingsThatBegin } from '../players/packagings.ts'

describePrivateFilms('edge', packagingsThatBegin('MPEG-TS, names with', 'MPEG-TS, AES-128 with', 'fMP4, byte ranges'))
