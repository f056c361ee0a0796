// The odd films that take their time: of rare codecs, fast, or like others that are tested every time.
import { testOddFilms } from '../players/odd/testing.ts'

testOddFilms(true)
