// A private film in every player, as the Worker delivers it; test/matrix plays one from the bucket, test/long all packagings.
import { describePrivateFilms } from './private-viewing.ts'
import { packagingsThatBegin } from './packagings.ts'

describePrivateFilms('edge', packagingsThatBegin('fMP4, two qualities, two languages'))
