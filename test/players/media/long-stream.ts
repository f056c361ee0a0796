// A stream of many minutes that is made in a moment: one picture a second, of one colour.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runFfmpeg } from './ffmpeg.ts'

/** A media playlist, and its segments by the names in it. */
export async function longStream(
  seconds: number,
): Promise<{ readonly playlist: string; readonly segments: ReadonlyMap<string, Buffer> }> {
  const folder = await mkdtemp(join(tmpdir(), 'lynxgate-long-stream-'))
  try {
    const source = `color=c=teal:size=128x72:rate=1:duration=${seconds}`
    const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p']
    const hls = ['-hls_time', '30', '-hls_playlist_type', 'vod', '-hls_segment_filename', join(folder, 'long-%d.ts')]
    await runFfmpeg(['-f', 'lavfi', '-i', source, ...video, '-f', 'hls', ...hls, join(folder, 'index.m3u8')])
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
    const read = async (name: string) => [name, await readFile(join(folder, name))] as const
    return {
      playlist: await readFile(join(folder, 'index.m3u8'), 'utf8'),
      segments: new Map(await Promise.all(names.map(read))),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
