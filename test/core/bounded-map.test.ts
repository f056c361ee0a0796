import { describe, expect, it } from 'vitest'
import { createBoundedMap } from '../../src/core/bounded-map.ts'

describe('createBoundedMap', () => {
  it('forgets what was set longest ago, used or not', () => {
    const map = createBoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    expect(map.get('a')).toBe(1)
    map.set('c', 3)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 3])
  })

  it('counts setting again as new, and keeps the last value', () => {
    const map = createBoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.set('a', 3)
    map.set('c', 4)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4])
  })

  it('never holds more than its limit', () => {
    const map = createBoundedMap<number, number>(10)
    for (let key = 0; key < 1000; key++) map.set(key, key)
    expect(map.size).toBe(10)
  })

  it('deletes what a test names', () => {
    const map = createBoundedMap<string, number>(5)
    map.set('a', 1)
    map.set('b', 2)
    map.deleteWhere((value) => value === 1)
    expect([map.get('a'), map.get('b'), map.size]).toEqual([undefined, 2, 1])
  })

  it('refuses to hold nothing', () => {
    expect(() => createBoundedMap(0)).toThrow(RangeError)
  })
})
