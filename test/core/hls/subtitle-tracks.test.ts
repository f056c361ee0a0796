import { describe, expect, it } from 'vitest'
import { listSubtitleTracks, putSubtitleTrack, removeSubtitleTracks } from '../../../src/core/hls/subtitle-tracks.ts'

const BARE = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.4d401f"\nvideo/index.m3u8\n'
const GERMAN = { language: 'de', name: 'Deutsch', uri: 'subtitles/de/index.m3u8', isForced: false }
const GERMAN_LINE =
  '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,' +
  'URI="subtitles/de/index.m3u8"'

describe('putSubtitleTrack', () => {
  it('adds a group to a stream without one, and to each of its variants', () => {
    const text = BARE + '#EXT-X-STREAM-INF:BANDWIDTH=2\nsmall.m3u8\n'
    const put = putSubtitleTrack(text, GERMAN)
    expect(put).toBe(
      `#EXTM3U\n${GERMAN_LINE}\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.4d401f",SUBTITLES="words"\n` +
        'video/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2,SUBTITLES="words"\nsmall.m3u8\n',
    )
    expect(listSubtitleTracks(put ?? '')).toEqual([GERMAN])
    expect(removeSubtitleTracks(put ?? '', 'DE')).toBe(text)
  })

  it('replaces the track of its language in every group, and leaves the forced one and every other line', () => {
    const text =
      '\uFEFF#EXTM3U\r\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="a.m3u8"\r\n' +
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="one",NAME="Alt",LANGUAGE="de",URI="old.m3u8"\r\n' +
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="two",NAME="Alt",LANGUAGE="DE",URI="old.m3u8"\r\n' +
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="one",NAME="Deutsch",LANGUAGE="de",FORCED=YES,URI="forced.m3u8"\r\n' +
      '#EXT-X-STREAM-INF:SUBTITLES="one",BANDWIDTH=1\r\nvideo.m3u8'
    const put = putSubtitleTrack(text, GERMAN) ?? ''
    expect(listSubtitleTracks(put)).toEqual([
      { ...GERMAN, name: 'Deutsch 2' },
      { ...GERMAN, name: 'Deutsch 2' },
      { language: 'de', name: 'Deutsch', uri: 'forced.m3u8', isForced: true },
    ])
    expect(put).toContain('\r\n#EXT-X-STREAM-INF:SUBTITLES="one",BANDWIDTH=1\r\nvideo.m3u8')
    expect(put.startsWith('\uFEFF#EXTM3U\r\n')).toBe(true)
  })

  it('is nothing for a playlist of segments, and for one that cannot be read', () => {
    expect(putSubtitleTrack('#EXTM3U\n#EXTINF:6,\n0.ts\n', GERMAN)).toBeUndefined()
    expect(putSubtitleTrack(`#EXT-X-MEDIA:NAME="x\n${BARE}`, GERMAN)).toBeUndefined()
  })
})

describe('removeSubtitleTracks', () => {
  it('takes the attribute from variants only when its group is empty', () => {
    const both = putSubtitleTrack(putSubtitleTrack(BARE, GERMAN) ?? '', {
      ...GERMAN,
      language: 'en',
      name: 'English',
      uri: 'e',
    })
    const one = removeSubtitleTracks(both ?? '', 'en') ?? ''
    expect(one).toContain(',SUBTITLES="words"')
    expect(removeSubtitleTracks(one, 'de')).toBe(BARE)
    expect(removeSubtitleTracks(BARE, 'de')).toBeUndefined()
  })
})
