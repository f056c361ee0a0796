// Chapters of a film → the JSON of its stream.
import { describe, expect, it } from 'vitest'
import { classifyJson } from '../../../src/core/hls/json.ts'
import { readChapters, writeChapters, type ProbedChapter } from '../../../src/cli/upload/probe/chapters.ts'
import { writeMultivariant } from '../../../src/core/packaging/multivariant.ts'
import { evenly, sourceInfo, filmOf, picture } from '../../support/probed-film.ts'

const chapter = (start_time: string, end_time: string, title?: string): ProbedChapter => ({
  start_time,
  end_time,
  ...(title !== undefined && { tags: { title } }),
})
const film = { shown: (seconds: number) => seconds, durationSeconds: 100 }

describe('readChapters', () => {
  it('F43: reads them in order, on the clock of the stream', () => {
    const probed = [chapter('61.400', '101.400', ' The\n end '), chapter('1.400', '61.400')]
    expect(readChapters(probed, { shown: (seconds) => seconds - 1.4, durationSeconds: 100 })).toEqual([
      { startSeconds: 0, endSeconds: 60, title: undefined },
      { startSeconds: 60, endSeconds: 100, title: 'The end' },
    ])
  })

  it('F43: ends each within the film, and gives an end to what has none', () => {
    const probed = [chapter('0', '0', 'a'), chapter('10', '500', 'b'), chapter('200', '300', 'after the film')]
    expect(readChapters(probed, film).map(({ title, endSeconds }) => [title, endSeconds])).toEqual([
      ['a', 10],
      ['b', 100],
    ])
  })

  it.each([
    ['none', [], 0],
    ['one of all the film, without a title', [chapter('0', '100')], 0],
    ['one with a title', [chapter('0', '100', 'a')], 1],
    ['a title of spaces', [chapter('0', '100', '  ')], 0],
  ])('F43: takes what there is to choose from: %s', (_, probed, count) => {
    expect(readChapters(probed, film)).toHaveLength(count)
  })

  it('F43: is part of what is known of a film', () => {
    const streams = [picture({ start_time: '5.0' })]
    const times = new Map([[0, evenly(100, 0.04, 5)]])
    const probe = { format: { duration: '100' }, chapters: [chapter('5', '9', 'a')] }
    expect(filmOf(sourceInfo(streams, { times, probe })).chapters).toEqual([
      { startSeconds: 0, endSeconds: 4, title: 'a' },
    ])
    expect(filmOf(sourceInfo(streams, { times })).chapters).toEqual([])
  })
})

describe('writeChapters', () => {
  const text = writeChapters([
    { startSeconds: 0, endSeconds: 60.0004, title: undefined },
    { startSeconds: 60.5, endSeconds: 60.5, title: 'The "end"' },
  ])

  it('F43: is what Apple’s players read', () => {
    expect(JSON.parse(text)).toEqual([
      { chapter: 1, 'start-time': 0, duration: 60, titles: [{ language: 'und', title: 'Chapter 1' }] },
      { chapter: 2, 'start-time': 60.5, titles: [{ language: 'und', title: 'The "end"' }] },
    ])
  })

  it('F43: is what the service serves as chapters', () => expect(classifyJson(text)).toBe('chapters'))
})

describe('writeMultivariant', () => {
  it('F43: names the chapters when there are some', () => {
    const stream = { variants: [], sounds: [], words: [], iframes: undefined }
    expect(writeMultivariant({ ...stream, chapters: 'chapters.json' })).toContain(
      '\n#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.chapters",URI="chapters.json"\n',
    )
    expect(writeMultivariant(stream)).not.toContain('SESSION-DATA')
  })
})
