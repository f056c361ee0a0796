import { describe, expect, it } from 'vitest'
import { betweenStemAndType, pairSubtitles, strayingSubtitles } from '../../../src/web/packager/dropped-files.ts'

const files = (...names: readonly string[]): File[] => names.map((name) => new File([''], name))
const pairs = (list: readonly File[]): unknown =>
  pairSubtitles(list).map(({ file, subtitles }) => [file.name, subtitles.map(({ name }) => name)])

describe('dropped files', () => {
  it('gives subtitles to the film whose name they begin with, and to a film alone all of them', () => {
    const many = files('a.mp4', 'b.mp4', 'A.de.srt', 'b.vtt', 'c.en.vtt')
    expect(pairs(many)).toEqual([
      ['a.mp4', ['A.de.srt']],
      ['b.mp4', ['b.vtt']],
    ])
    expect(strayingSubtitles(many)).toEqual(['c.en.vtt'])
    const alone = files('a.mp4', 'words.de.srt')
    expect(pairs(alone)).toEqual([['a.mp4', ['words.de.srt']]])
    expect(strayingSubtitles(alone)).toEqual([])
    expect(strayingSubtitles(files('a.srt'))).toEqual(['a.srt'])
  })

  it.each([
    ['film.de.srt', 'film.mp4', 'de'],
    ['Film.en.forced.vtt', 'film.mp4', 'en.forced'],
    ['a.b.fr.srt', 'a.b.mkv', 'fr'],
    ['words.de.srt', 'film.mp4', 'de'],
    ['words.srt', 'film.mp4', ''],
    ['film.srt', 'film.mp4', ''],
  ])('reads what stands between stem and type: %s of %s', (subtitle, film, between) => {
    expect(betweenStemAndType(subtitle, film)).toBe(between)
  })
})
