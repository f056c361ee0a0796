// A private film in every player; test/matrix plays more packagings, test/long all of them.
import { describePrivateFilms } from './private-viewing.ts'
import { packagingsThatBegin } from './packagings.ts'

describePrivateFilms('edge', packagingsThatBegin('fMP4, two qualities, two languages'))
describePrivateFilms('s3', packagingsThatBegin('MPEG-TS, two qualities'))
