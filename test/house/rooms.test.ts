// The floor plan holds: imports run down, and rooms of a floor import each other in one direction only.
import { describe, expect, it } from 'vitest'
import { forbiddenArrows, readArrows, roomsInCircles, type Arrow } from './rooms.ts'

const arrow = (from: string, to: string): Arrow => ({ from, to, count: 1 })

describe('the rooms of src', () => {
  it('are many, and read from the imports', () => {
    expect(readArrows().length).toBeGreaterThan(40)
  })

  it('import no floor that they must not', () => {
    expect(forbiddenArrows(readArrows())).toEqual([])
  })

  it('stand in no circle', () => {
    expect(roomsInCircles(readArrows())).toEqual([])
  })
})

describe('forbiddenArrows', () => {
  it('finds an arrow up, an arrow across and an unknown floor', () => {
    const arrows = [arrow('core/hls', 'domain/keys'), arrow('web/player', 'cli'), arrow('attic', 'core')]
    expect(forbiddenArrows(arrows)).toEqual(arrows)
  })

  it('lets arrows down and within a floor pass', () => {
    expect(forbiddenArrows([arrow('domain/keys', 'core'), arrow('core/hls', 'core/sigv4')])).toEqual([])
  })
})

describe('roomsInCircles', () => {
  it('finds a pair that imports in both directions, and a longer circle', () => {
    expect(roomsInCircles([arrow('a', 'b'), arrow('b', 'a'), arrow('c', 'a')])).toEqual(['a', 'b'])
    expect(roomsInCircles([arrow('a', 'b'), arrow('b', 'c'), arrow('c', 'a')])).toEqual(['a', 'b', 'c'])
  })
})
