// Makes the demo film of test/fixtures/demo: our own picture, sound and words, under 1 MB in all. The film is painted
// here; its stream is made by the upload command's own code.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandProblem, defineCommand, runCommand } from '../command.ts'
import { captions, chapters, writeChapters, writeSubRip } from './captions.ts'
import { framesPerSecond, height, paintFrame, seconds, width } from './landscape.ts'
import { composeTrack, sampleRate, voices } from './melody.ts'
import { filmInput, rawInput, subtitleInput } from '../upload/tools/input.ts'
import type { Rung } from '../../core/packaging/ladder.ts'
import { joinOriginal } from '../upload/making/original.ts'
import { probeFilm } from '../upload/film/probe.ts'
import { makeStream } from '../upload/making/stream.ts'
import { runFfmpeg } from '../upload/tools/tool.ts'

const target = fileURLToPath(new URL('../../../test/fixtures/demo', import.meta.url))
const languages = ['en', 'de'] as const

/** As few bytes as still look good: the film lies in the repository. */
const ladder: readonly Rung[] = [
  { name: '360p', width: 640, height: 360, profile: 'main', quality: 33, maxKilobits: 850 },
  { name: '240p', width: 426, height: 240, profile: 'main', quality: 33, maxKilobits: 450 },
  { name: '144p', width: 256, height: 144, profile: 'main', quality: 34, maxKilobits: 300 },
]
const settings = { preset: 'veryslow', isReproducible: true, audioKilobits: () => 24 }

/** Paints every frame into a lossless file, with the name and the clock written over it. */
async function paintPicture(path: string): Promise<void> {
  const label = 'fontcolor=white:shadowcolor=black@0.45:shadowx=1:shadowy=1'
  const text = [
    `drawtext=font='DejaVu Sans\\:bold':text=lynxgate:fontsize=26:x=24:y=22:${label}`,
    `drawtext=font='DejaVu Sans Mono\\:bold':text='%{eif\\:t\\:d\\:2}':fontsize=64:x=w-tw-62:y=20:${label}`,
    `drawtext=font='DejaVu Sans Mono':text='%{eif\\:mod(n\\,${framesPerSecond})\\:d\\:2}':fontsize=26:x=w-tw-24:y=48:${label}`,
  ].join(',')
  const painter = spawn(
    'ffmpeg',
    [
      '-v',
      'error',
      '-y',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${width}x${height}`,
      '-r',
      String(framesPerSecond),
      '-i',
      '-',
      '-vf',
      `${text},format=yuv420p`,
      '-c:v',
      'ffv1',
      path,
    ],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  )
  for (let frame = 0; frame < seconds * framesPerSecond; frame++) {
    if (!painter.stdin.write(paintFrame(frame / framesPerSecond))) await once(painter.stdin, 'drain')
  }
  painter.stdin.end()
  const [code] = await once(painter, 'close')
  if (code !== 0) throw new CommandProblem('ffmpeg could not render the film.')
}

/** Picture, sounds and subtitles in one lossless file, as a user would upload it. */
async function makeMaster(scratch: string): Promise<string> {
  const picture = join(scratch, 'picture.mkv')
  const master = join(scratch, 'master.mkv')
  await paintPicture(picture)
  const inputs = [filmInput(picture)]
  const tags: string[] = []
  for (const [i, language] of languages.entries()) {
    const pcm = join(scratch, `${language}.pcm`)
    await writeFile(pcm, composeTrack(voices[language], seconds))
    inputs.push(rawInput(pcm, 's16le', '-ar', String(sampleRate), '-ac', '1'))
    tags.push(`-metadata:s:a:${i}`, `language=${language}`, `-metadata:s:s:${i}`, `language=${language}`)
  }
  for (const language of languages) {
    const words = join(scratch, `${language}.srt`)
    await writeFile(words, writeSubRip(captions[language]))
    inputs.push(subtitleInput(words))
  }
  const maps = Array.from({ length: 1 + 2 * languages.length }, (_, i) => ['-map', String(i)]).flat()
  await runFfmpeg(inputs, [...maps, '-c', 'copy', ...tags, master])
  return master
}

async function makeDemo(scratch: string): Promise<void> {
  const source = await makeMaster(scratch)
  const film = await probeFilm(source, {})
  await rm(target, { recursive: true, force: true })
  await makeStream({ source, film, ladder, settings, folder: target, thumbnailSeconds: 6 })
  await writeFile(join(target, 'hls/chapters.vtt'), writeChapters(chapters))
  const original = await joinOriginal({ folder: target, film, ladder })
  if (original === undefined) throw new Error('the demo film is small')
  await rename(original, join(target, 'film.mp4'))
}

const COMMAND = defineCommand({
  call: 'npm run demo',
  summary: 'Paints the demo film of test/fixtures/demo again; needs ffmpeg.',
  flags: {},
})

async function main(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'lynxgate-demo-'))
  try {
    await makeDemo(scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

await runCommand(COMMAND, main)
