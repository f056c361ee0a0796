import { describe, expect, it } from 'vitest'
import { makeMemory } from '../../../src/web/player/memory.ts'

/** As much of `Storage` as is used; `limit` in characters. */
function makeStorage(limit = Infinity): Storage {
  const items = new Map<string, string>()
  return {
    length: 0,
    clear: () => items.clear(),
    key: () => null,
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => void items.delete(key),
    setItem(key, value) {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError')
      items.set(key, value)
    },
  }
}

describe('makeMemory', () => {
  it('keeps habits and the position of each film', () => {
    const storage = makeStorage()
    makeMemory(() => storage).remember({ volume: 0.5, speed: 1.5 })
    makeMemory(() => storage).remember({ subtitles: 'de' })
    makeMemory(() => storage).keepPosition('a', 91.26)
    expect(makeMemory(() => storage).habits()).toEqual({ volume: 0.5, speed: 1.5, subtitles: 'de' })
    expect(makeMemory(() => storage).position('a')).toBe(91.3)
    makeMemory(() => storage).keepPosition('a', undefined)
    expect(makeMemory(() => storage).position('a')).toBeUndefined()
  })

  it('forgets the films that were seen longest ago', () => {
    const storage = makeStorage()
    const memory = makeMemory(() => storage)
    for (let film = 0; film < 60; film++) memory.keepPosition(`film ${film}`, 100 + film)
    expect([memory.position('film 9'), memory.position('film 10'), memory.position('film 59')]).toEqual([
      undefined,
      110,
      159,
    ])
  })

  it.each([
    [
      'forbidden',
      () => {
        throw new DOMException('no', 'SecurityError')
      },
    ],
    ['full', () => makeStorage(0)],
  ] as const)('remembers nothing and fails nothing when storage is %s', (_, storage) => {
    const memory = makeMemory(storage)
    memory.remember({ volume: 0.1 })
    memory.keepPosition('a', 100)
    expect([memory.habits(), memory.position('a')]).toEqual([{}, undefined])
  })

  it.each(['{', 'null', '7', '{"volume":9,"speed":"fast","muted":1,"subtitles":5,"a":"b"}'])(
    'takes nothing of a broken record: %s',
    (text) => {
      const storage = makeStorage()
      storage.setItem('lynxgate.player', text)
      storage.setItem('lynxgate.positions', text)
      const memory = makeMemory(() => storage)
      expect([memory.habits(), memory.position('a')]).toEqual([{}, undefined])
    },
  )
})
