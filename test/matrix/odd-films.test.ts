// An odd film of each kind; the others are in test/long.
import { testOddFilms } from '../players/odd/testing.ts'

testOddFilms(false)
