// A film of each kind, private, in every player; `npm run test:matrix` plays all packagings.
import { describePrivateFilms } from './private-viewing.ts'
import { PACKAGINGS } from './packagings.ts'

const of = (...starts: readonly string[]) =>
  PACKAGINGS.filter(({ title }) => starts.some((start) => title.startsWith(start)))

describePrivateFilms('edge', of('fMP4, two qualities, two languages', 'MPEG-TS, names with', 'MPEG-TS, AES-128 with'))
describePrivateFilms('s3', of('MPEG-TS, two qualities'))
