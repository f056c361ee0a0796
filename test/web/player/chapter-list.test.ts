import { describe, expect, it } from 'vitest'
import { parseChapters, parseVttChapters } from '../../../src/web/player/chapter-list.ts'

describe('parseChapters', () => {
  const json = JSON.stringify([
    { chapter: 2, 'start-time': 30, titles: [{ language: 'en', title: 'Two' }] },
    {
      chapter: 1,
      'start-time': 0,
      duration: 10,
      titles: [
        { language: 'en', title: 'One' },
        { language: 'de-AT', title: 'Eins' },
      ],
    },
  ])

  it('sorts them, closes the gaps and ends the last with the film', () => {
    expect(parseChapters(json, 'de', 60)).toEqual([
      { start: 0, end: 30, title: 'Eins' },
      { start: 30, end: 60, title: 'Two' },
    ])
  })

  it.each(['', '{', '{}', 'null', '[null, 1, {"start-time":"0"}, {"start-time":-1}]'])('finds none in %s', (text) => {
    expect(parseChapters(text, 'en', 60)).toEqual([])
  })

  it('lives with titles that are none, and with far too many chapters', () => {
    expect(parseChapters('[{"start-time":0,"titles":[{"title":7},null]}]', 'en', 9)).toEqual([
      { start: 0, end: 9, title: '' },
    ])
    const many = JSON.stringify(Array.from({ length: 5000 }, (_, at) => ({ 'start-time': at })))
    expect(parseChapters(many, 'en', 5000)).toHaveLength(200)
  })
})

describe('parseVttChapters', () => {
  it('reads cues with and without hours and identifiers', () => {
    const text =
      'WEBVTT\n\n1\n00:00.000 --> 00:05.000\nNight\n\n\n01:00:05.500 --> 02:00:00.000 align:start\nLong\nday\n'
    expect(parseVttChapters(text, 7200)).toEqual([
      { start: 0, end: 3605.5, title: 'Night' },
      { start: 3605.5, end: 7200, title: 'Long day' },
    ])
  })

  it('finds none in what is no WebVTT', () => {
    expect(parseVttChapters('<!doctype html>\n\n00:00.000 --> 00:05.000\nno', 60)).toEqual([])
  })
})
