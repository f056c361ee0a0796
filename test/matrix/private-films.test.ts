// A private film in every player and in ffmpeg, as the bucket delivers it.
import { describePrivateFilms } from '../players/private-viewing.ts'
import { packagingsThatBegin } from '../players/packagings.ts'

describePrivateFilms('s3', packagingsThatBegin('MPEG-TS, AES-128 with'))
