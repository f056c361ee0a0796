import { describe, expect, it } from 'vitest'
import { mayEmbed, readParents } from '../../../src/web/player/parents.ts'

describe('readParents', () => {
  it('reads a list or the word for any, and lets nobody in otherwise', () => {
    expect(readParents('"*"')).toBe('*')
    expect(readParents('["https://a.example", 7]')).toEqual(['https://a.example'])
    for (const text of [undefined, '', '*', '{}', 'null', '["']) expect(readParents(text)).toEqual([])
  })
})

describe('mayEmbed', () => {
  const parents = ['https://a.example', 'https://*.b.example', 'http://localhost:8080']

  it.each(['https://a.example', 'https://x.b.example', 'https://x.y.b.example', 'http://localhost:8080'])(
    'lets %s',
    (origin) => expect(mayEmbed(origin, parents)).toBe(true),
  )

  it.each([
    'http://a.example',
    'https://a.example:8443',
    'https://b.example',
    'https://evilb.example',
    'http://x.b.example',
    'https://x.b.example.evil.example',
    'null',
    '',
  ])('refuses %s', (origin) => expect(mayEmbed(origin, parents)).toBe(false))

  it('knows no origin that cannot be named, even where any may embed', () => {
    expect([mayEmbed('https://any.example', '*'), mayEmbed('null', '*'), mayEmbed('file://', '*')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
