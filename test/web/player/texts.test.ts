import { describe, expect, it } from 'vitest'
import { LANGUAGES, chooseLanguage, fill, textsOf } from '../../../src/web/player/texts/texts.ts'

const placesIn = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted()

describe("the player's texts", () => {
  it.each(Object.keys(LANGUAGES))('say everything in %s, with the same places for values', (language) => {
    const texts = textsOf(language)
    expect(Object.keys(texts)).toEqual(Object.keys(textsOf('en')))
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim()).not.toBe('')
      expect([key, placesIn(text)]).toEqual([key, placesIn(Reflect.get(textsOf('en'), key))])
    }
  })

  it('are in the first language of the viewer that there is', () => {
    expect(chooseLanguage(['nl', 'de-CH', 'fr'])).toBe('de')
    expect(chooseLanguage(['ES'])).toBe('es')
    expect(chooseLanguage(['toString', 'ja'])).toBe('en')
    expect(chooseLanguage([])).toBe('en')
  })

  it('have their values filled in', () => {
    expect(fill('at {time}, {other}', { time: '1:30' })).toBe('at 1:30, {other}')
  })
})
