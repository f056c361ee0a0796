// The playlists that are measured: all segments in one folder, and one that mixes everything a film may hold.

/** A film of MPEG-TS segments in one folder, as most encoders write it. */
export function oneFolder(segments: number): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-TARGETDURATION:6', '#EXT-X-PLAYLIST-TYPE:VOD']
  for (let index = 0; index < segments; index++) lines.push('#EXTINF:6.006,', `segment-${index}.ts`)
  return [...lines, '#EXT-X-ENDLIST', ''].join('\n')
}

/**
 * Names of several lengths in sub-folders, encoded ones, init sections, keys, dates, discontinuities, byte ranges and
 * CRLF line ends. One segment in eight shares its file with the one before it.
 */
export function mixed(segments: number): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:8', '#EXT-X-PLAYLIST-TYPE:VOD']
  for (let index = 0; index < segments; index++) {
    const part = Math.floor(index / 100)
    if (index % 100 === 0) {
      if (index > 0) lines.push('#EXT-X-DISCONTINUITY')
      lines.push(`#EXT-X-KEY:METHOD=AES-128,URI="keys/${part}.key",IV=0x${index.toString(16).padStart(32, '0')}`)
      lines.push(`#EXT-X-MAP:URI="part-${part}/init.mp4"`)
    }
    const second = (index % 60).toString().padStart(2, '0')
    const minute = Math.floor(index / 60)
      .toString()
      .padStart(2, '0')
    if (index % 10 === 0) lines.push(`#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:${minute.slice(-2)}:${second}.000Z`)
    if (index % 8 < 2) lines.push(`#EXT-X-BYTERANGE:400000@${(index % 8) * 400_000}`)
    lines.push(`#EXTINF:${(5 + (index % 3) / 2).toFixed(3)},`, nameOf(index, part))
  }
  return [...lines, '#EXT-X-ENDLIST', ''].join('\r\n')
}

function nameOf(index: number, part: number): string {
  if (index % 8 < 2) return `part-${part}/joined-${Math.floor(index / 8)}.mp4`
  if (index % 8 === 2) return `part-${part}/scene%20${index}.m4s`
  if (index % 8 === 3) return `part-${part}/caf%C3%A9/${index}.m4s`
  return `part-${part}/video/1080p/segment-${index}.m4s`
}
