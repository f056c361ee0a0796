import { describe, expect, it } from 'vitest'
import { createLruMap } from '../../src/core/lru-map.ts'

describe('createLruMap', () => {
  it('forgets what was used least recently', () => {
    const map = createLruMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    expect(map.get('a')).toBe(1)
    map.set('c', 3)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
  })

  it('counts setting again as use, and keeps the last value', () => {
    const map = createLruMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.set('a', 3)
    map.set('c', 4)
    expect([map.get('a'), map.get('b')]).toEqual([3, undefined])
  })

  it('never holds more than its limit', () => {
    const map = createLruMap<number, number>(10)
    for (let key = 0; key < 1000; key++) map.set(key, key)
    expect(map.size).toBe(10)
  })

  it('deletes what a test names', () => {
    const map = createLruMap<string, number>(5)
    map.set('a', 1)
    map.set('b', 2)
    map.deleteWhere((value) => value === 1)
    expect([map.get('a'), map.get('b'), map.size]).toEqual([undefined, 2, 1])
  })

  it('refuses to hold nothing', () => {
    expect(() => createLruMap(0)).toThrow(RangeError)
  })
})
