import { describe, expect, it } from 'vitest'
import { limitLines } from '../../../src/core/hls/quality.ts'

const PREFIX = '/v/{session}/'
const ENTRY = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="/v/{session}/audio/en.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360,AUDIO="a"
/v/{session}/low/v.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=1280x720,AUDIO="a"
/v/{session}/mid/v.m3u8?x=1
#EXT-X-STREAM-INF:BANDWIDTH=3,RESOLUTION=1920x1080,AUDIO="a"
/v/{session}/high%20er/v.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"
/v/{session}/sound.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360,URI="/v/{session}/low/i.m3u8"
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,RESOLUTION=1920x1080,URI="/v/{session}/high%20er/i.m3u8"
`

describe('limitLines', () => {
  it('leaves out the variants above, with their URIs, and keeps every other line', () => {
    const { text } = limitLines(ENTRY, PREFIX, 720)
    expect(text).toBe(
      ENTRY.split('\n')
        .filter((line) => !/1920x1080|high/.test(line))
        .join('\n'),
    )
  })

  it.each([
    ['high er/v.m3u8', true],
    ['high er/i.m3u8', true],
    ['high er/seg-1.ts', true],
    ['high er/deep/seg-1.ts', true],
    ['mid/v.m3u8', false],
    ['mid/seg-1.ts', false],
    ['low/i.m3u8', false],
    ['audio/en.m3u8', false],
    ['sound.m3u8', false],
    ['high', false],
  ])('closes what only they use: %s: %s', (path, expected) => {
    expect(limitLines(ENTRY, PREFIX, 720).isAbove(path)).toBe(expected)
  })

  it('closes no folder that an allowed quality lies in or below, but their own playlist', () => {
    const { isAbove } = limitLines(
      '#EXTM3U\n#EXT-X-STREAM-INF:RESOLUTION=1x1080\n/v/{session}/v/high.m3u8\n#EXT-X-STREAM-INF:RESOLUTION=1x360\n/v/{session}/v/low/l.m3u8\n',
      PREFIX,
      720,
    )
    expect([isAbove('v/high.m3u8'), isAbove('v/seg.ts'), isAbove('v/low/seg.ts')]).toEqual([true, false, false])
  })

  it('closes no playlist that an allowed variant names too', () => {
    const twice =
      '#EXT-X-STREAM-INF:RESOLUTION=1x1080\n/v/{session}/a.m3u8\n#EXT-X-STREAM-INF:RESOLUTION=1x360\n/v/{session}/a.m3u8\n'
    expect(limitLines(`#EXTM3U\n${twice}`, PREFIX, 720).isAbove('a.m3u8')).toBe(false)
  })

  it('reads CRLF, comments between tag and URI, and a quoted comma', () => {
    const { text, isAbove } = limitLines(
      '#EXTM3U\r\n#EXT-X-STREAM-INF:CODECS="a,b",RESOLUTION=1x1080\r\n# a comment\r\n\r\n/v/{session}/h.m3u8\r\n',
      PREFIX,
      720,
    )
    expect(isAbove('h.m3u8')).toBe(true)
    expect(text).not.toContain('h.m3u8')
  })
})
