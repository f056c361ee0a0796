// Packed audio (RFC 8216bis §3.1.3): bare ADTS frames, each segment headed by an ID3 tag that says when it begins.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runFfmpeg } from './ffmpeg.ts'
import { SEGMENT_SECONDS } from './film.ts'

const OWNER = 'com.apple.streaming.transportStreamTimestamp'
const CLOCK_HZ = 90_000

export async function cutPackedAudio(track: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const list = join(folder, 'index.m3u8')
  await runFfmpeg([
    '-i',
    track,
    '-c',
    'copy',
    '-f',
    'segment',
    '-segment_format',
    'adts',
    '-segment_time',
    String(SEGMENT_SECONDS),
    '-segment_list',
    list,
    join(folder, 'segment-%d.aac'),
  ])
  const playlist = await readFile(list, 'utf8')
  let startSeconds = 0
  for (const [, seconds, name] of playlist.matchAll(/#EXTINF:([\d.]+),\n(.+)/g)) {
    const path = join(folder, name ?? '')
    await writeFile(path, Buffer.concat([timestampTag(startSeconds), await readFile(path)]))
    startSeconds += Number(seconds)
  }
}

/** An ID3v2.4 tag with one PRIV frame: the 33-bit MPEG-2 time of the first sample. */
function timestampTag(seconds: number): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(Math.round(seconds * CLOCK_HZ)))
  const content = Buffer.concat([Buffer.from(`${OWNER}\0`, 'latin1'), time])
  // Both sizes are below 128, where a synchsafe integer is the plain one.
  const frame = Buffer.concat([Buffer.from('PRIV'), Buffer.from([0, 0, 0, content.length, 0, 0]), content])
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([4, 0, 0, 0, 0, 0, frame.length]), frame])
}
