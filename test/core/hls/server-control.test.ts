// EXT-X-SERVER-CONTROL in live playlists: promises that a bucket cannot keep go, all else stays.
import { describe, expect, it } from 'vitest'
import { rewritten, signed } from './place.ts'

const live = (line: string): string => `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${line}#EXT-X-VERSION:9\n`

describe('rewritePlaylist, EXT-X-SERVER-CONTROL', () => {
  it.each([
    ['CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0', 'PART-HOLD-BACK=1.0'],
    ['PART-HOLD-BACK=1.0,CAN-SKIP-UNTIL=24.0', 'PART-HOLD-BACK=1.0'],
    ['HOLD-BACK=12,CAN-BLOCK-RELOAD=YES,X-A="b,c"', 'HOLD-BACK=12,X-A="b,c"'],
  ])('makes %s %s', (before, after) => {
    expect(rewritten(live(`#EXT-X-SERVER-CONTROL:${before}\r\n`))).toBe(live(`#EXT-X-SERVER-CONTROL:${after}\r\n`))
  })

  it('drops the whole line when nothing is left', () => {
    const line = '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24.0,CAN-SKIP-DATERANGES=YES\r\n'
    expect(rewritten(live(line))).toBe(live(''))
    expect(rewritten(live(`  ${line}`))).toBe(live(''))
    expect(rewritten(`\n ${line}#EXTINF:1,\n`)).toBe('#EXTINF:1,\n')
    expect(rewritten(`#EXTM3U\n#EXTINF:1,\na.ts\n${line}#EXTINF:1,\nb.ts\n`)).toBe(
      `#EXTM3U\n#EXTINF:1,\n${signed('a.ts')}\n#EXTINF:1,\n${signed('b.ts')}\n`,
    )
  })

  it.each([
    '#EXT-X-SERVER-CONTROL:PART-HOLD-BACK= 1.0 , HOLD-BACK=3\n',
    '#EXT-X-SERVER-CONTROL\n',
    '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD="YES\n',
  ])('leaves %j alone', (line) => {
    expect(rewritten(live(line))).toBe(live(line))
  })

  it('leaves the tag alone once the playlist has ended, as no player reloads it', () => {
    const text = `${live('#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n')}#EXT-X-ENDLIST\n`
    expect(rewritten(text)).toBe(text)
  })
})
