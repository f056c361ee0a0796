// Makes the demo film of test/fixtures/demo with ffmpeg: our own picture, sound and words, under 1 MB in all.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { captions, writeStoryboard, writeSubtitles } from './demo/captions.ts'
import { framesPerSecond, height, paintFrame, seconds, width } from './demo/landscape.ts'
import { composeTrack, sampleRate, voices } from './demo/melody.ts'

const target = fileURLToPath(new URL('../../test/fixtures/demo', import.meta.url))
const segmentSeconds = 4
const keyFrameEvery = 2 * framesPerSecond
const languages = [{ code: 'en', name: 'English' }, { code: 'de', name: 'Deutsch' }] as const
const rungs = [
  { name: '360p', width: 640, height: 360, quality: 33 },
  { name: '240p', width: 426, height: 240, quality: 33 },
  { name: '144p', width: 256, height: 144, quality: 34 },
] as const

function ffmpeg(...options: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-nostdin', ...options], { stdio: ['ignore', 'inherit', 'inherit'] })
}

async function save(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** Paints every frame into a lossless file, with the name and the clock written over it. */
async function paintMaster(path: string): Promise<void> {
  const label = 'fontcolor=white:shadowcolor=black@0.45:shadowx=1:shadowy=1'
  const text = [
    `drawtext=font='DejaVu Sans\\:bold':text=lynxgate:fontsize=26:x=24:y=22:${label}`,
    `drawtext=font='DejaVu Sans Mono\\:bold':text='%{eif\\:t\\:d\\:2}':fontsize=64:x=w-tw-62:y=20:${label}`,
    `drawtext=font='DejaVu Sans Mono':text='%{eif\\:mod(n\\,${framesPerSecond})\\:d\\:2}':fontsize=26:x=w-tw-24:y=48:${label}`,
  ].join(',')
  const painter = spawn('ffmpeg', ['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`,
    '-r', String(framesPerSecond), '-i', '-', '-vf', `${text},format=yuv420p`, '-c:v', 'ffv1', path],
  { stdio: ['pipe', 'inherit', 'inherit'] })
  for (let frame = 0; frame < seconds * framesPerSecond; frame++) {
    if (!painter.stdin.write(paintFrame(frame / framesPerSecond))) await once(painter.stdin, 'drain')
  }
  painter.stdin.end()
  const [code] = await once(painter, 'close')
  if (code !== 0) throw new Error('ffmpeg could not paint the film')
}

/** Cuts one track into an fMP4 rendition without touching its samples. */
async function segment(source: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  ffmpeg('-i', source, '-c', 'copy', '-fflags', '+bitexact', '-f', 'hls', '-hls_time', String(segmentSeconds),
    '-hls_playlist_type', 'vod', '-hls_flags', 'independent_segments', '-hls_segment_type', 'fmp4',
    '-hls_segment_options', 'movflags=+negative_cts_offsets', '-hls_fmp4_init_filename', 'init.mp4',
    '-hls_segment_filename', join(folder, 'segment-%d.m4s'), join(folder, 'index.m3u8'))
}

/** Peak and average bits per second of a rendition, measured on its segments (RFC 8216bis §4.4.6.2). */
async function measureBandwidth(folder: string): Promise<{ peak: number, average: number }> {
  const playlist = await readFile(join(folder, 'index.m3u8'), 'utf8')
  const entries = [...playlist.matchAll(/#EXTINF:([\d.]+),\n(\S+)/g)]
  const bits = await Promise.all(entries.map(async ([, , name]) => (await stat(join(folder, name ?? ''))).size * 8))
  const lengths = entries.map(([, length]) => Number(length))
  return {
    peak: Math.ceil(Math.max(...bits.map((size, i) => size / (lengths[i] ?? 1)))),
    average: Math.ceil(bits.reduce((sum, size) => sum + size, 0) / lengths.reduce((sum, length) => sum + length, 0)),
  }
}

/** `avc1.PPCCLL` as the init segment declares it (RFC 6381 §3.3). */
async function readVideoCodec(folder: string): Promise<string> {
  const init = await readFile(join(folder, 'init.mp4'))
  const at = init.indexOf('avcC') + 5
  return `avc1.${init.subarray(at, at + 3).toString('hex').toUpperCase()}`
}

/** Writes an I-frame playlist over the same segments: the first frame of each, as a byte range (§4.4.3.6). */
async function writeIFrames(folder: string, scratch: string): Promise<number> {
  const init = await readFile(join(folder, 'init.mp4'))
  const names = (await readdir(folder)).filter((name) => name.endsWith('.m4s')).sort()
  const lines: string[] = []
  let peak = 0
  for (const name of names) {
    const whole = join(scratch, 'whole.mp4')
    await writeFile(whole, Buffer.concat([init, await readFile(join(folder, name))]))
    const probe = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'packet=pos,size', '-read_intervals', '%+#1',
      '-of', 'json', whole], { encoding: 'utf8' })
    const first: { packets: { pos: string, size: string }[] } = JSON.parse(probe)
    const packet = first.packets[0]
    if (packet === undefined) throw new Error(`${name} holds no frame`)
    const length = Number(packet.pos) + Number(packet.size) - init.length
    peak = Math.max(peak, Math.ceil((length * 8) / segmentSeconds))
    lines.push(`#EXTINF:${segmentSeconds.toFixed(6)},`, `#EXT-X-BYTERANGE:${length}@0`, name)
  }
  await save(join(folder, 'iframes.m3u8'), ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${segmentSeconds}`,
    '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-I-FRAMES-ONLY', '#EXT-X-MAP:URI="init.mp4"', ...lines, '#EXT-X-ENDLIST', ''].join('\n'))
  return peak
}

/** Writes hls/index.m3u8 from what the renditions really are. */
async function writeMultivariant(hls: string, scratch: string): Promise<void> {
  const audio = await Promise.all(languages.map(({ code }) => measureBandwidth(join(hls, 'audio', code))))
  const loudest = { peak: Math.max(...audio.map((a) => a.peak)), average: Math.max(...audio.map((a) => a.average)) }
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', '']
  for (const [i, { code, name }] of languages.entries()) {
    lines.push(`#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="${name}",LANGUAGE="${code}",DEFAULT=${i === 0 ? 'YES' : 'NO'},`
      + `AUTOSELECT=YES,CHANNELS="1",URI="audio/${code}/index.m3u8"`)
  }
  for (const { code, name } of languages) {
    lines.push(`#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",NAME="${name}",LANGUAGE="${code}",DEFAULT=NO,`
      + `AUTOSELECT=YES,FORCED=NO,URI="subtitles/${code}/index.m3u8"`)
  }
  lines.push('')
  for (const rung of rungs) {
    const folder = join(hls, 'video', rung.name)
    const { peak, average } = await measureBandwidth(folder)
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=${peak + loudest.peak},AVERAGE-BANDWIDTH=${average + loudest.average},`
      + `CODECS="${await readVideoCodec(folder)},mp4a.40.2",RESOLUTION=${rung.width}x${rung.height},`
      + `FRAME-RATE=${framesPerSecond.toFixed(3)},AUDIO="sound",SUBTITLES="words",CLOSED-CAPTIONS=NONE`,
    `video/${rung.name}/index.m3u8`)
  }
  const smallest = rungs[rungs.length - 1]
  const folder = join(hls, 'video', smallest?.name ?? '')
  lines.push('', `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${await writeIFrames(folder, scratch)},CODECS="${await readVideoCodec(folder)}",`
    + `RESOLUTION=${smallest?.width}x${smallest?.height},URI="video/${smallest?.name}/iframes.m3u8"`, '')
  await save(join(hls, 'index.m3u8'), lines.join('\n'))
}

async function makeDemo(scratch: string): Promise<void> {
  const hls = join(target, 'hls')
  const master = join(scratch, 'master.mkv')
  await rm(target, { recursive: true, force: true })
  await paintMaster(master)
  for (const rung of rungs) {
    const encoded = join(scratch, `${rung.name}.mp4`)
    ffmpeg('-i', master, '-vf', `scale=${rung.width}:${rung.height}:flags=lanczos`, '-c:v', 'libx264', '-preset', 'veryslow',
      '-profile:v', 'main', '-crf', String(rung.quality), '-g', String(keyFrameEvery), '-keyint_min', String(keyFrameEvery),
      '-sc_threshold', '0', '-bf', '2', '-threads', '1', '-flags', '+bitexact', '-fflags', '+bitexact', encoded)
    await segment(encoded, join(hls, 'video', rung.name))
  }
  for (const { code } of languages) {
    const pcm = join(scratch, `${code}.pcm`)
    const encoded = join(scratch, `${code}.m4a`)
    await writeFile(pcm, composeTrack(voices[code], seconds))
    ffmpeg('-f', 's16le', '-ar', String(sampleRate), '-ac', '1', '-i', pcm, '-c:a', 'aac', '-b:a', '24k',
      '-flags', '+bitexact', '-fflags', '+bitexact', encoded)
    await segment(encoded, join(hls, 'audio', code))
    await save(join(hls, 'subtitles', code, 'words.vtt'), writeSubtitles(captions[code]))
    await save(join(hls, 'subtitles', code, 'index.m3u8'), ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${seconds}`,
      '#EXT-X-PLAYLIST-TYPE:VOD', `#EXTINF:${seconds.toFixed(6)},`, 'words.vtt', '#EXT-X-ENDLIST', ''].join('\n'))
  }
  await writeMultivariant(hls, scratch)

  const grid = { image: 'storyboard.jpg', columns: 4, count: 12, width: 160, height: 90, everySeconds: 2 }
  ffmpeg('-i', master, '-vf', `fps=1/2:round=down,scale=160:90,tile=4x3`, '-frames:v', '1', '-q:v', '5', '-flags', '+bitexact',
    join(hls, grid.image))
  await save(join(hls, 'storyboard.vtt'), writeStoryboard(grid))
  ffmpeg('-ss', '6.5', '-i', master, '-frames:v', '1', '-q:v', '4', '-flags', '+bitexact', join(target, 'thumbnail.jpg'))
  ffmpeg('-i', join(scratch, '360p.mp4'), '-i', join(scratch, 'en.m4a'), '-c', 'copy', '-movflags', '+faststart',
    '-fflags', '+bitexact', join(target, 'film.mp4'))
}

const scratch = await mkdtemp(join(tmpdir(), 'lynxgate-demo-'))
try {
  await makeDemo(scratch)
} finally {
  await rm(scratch, { recursive: true, force: true })
}
