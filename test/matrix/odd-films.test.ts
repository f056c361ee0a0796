// Odd films that are quickly made; the others are in test/long.
import { testOddFilms } from '../players/odd/testing.ts'

testOddFilms(false)
