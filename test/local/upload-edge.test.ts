// `npm run upload` to a service that takes the bytes itself: edge delivery without S3.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'
import { countFrames, makeFilm, runUpload } from '../support/upload-command.ts'
import { hasFfmpeg } from '../support/programs.ts'

describe.skipIf(!hasFfmpeg)('npm run upload to edge delivery (skipped where ffmpeg is missing)', () => {
  let service: LocalService
  let owner: LocalCaller
  let folder = ''
  beforeAll(async () => {
    service = await spawnLocalService(['--delivery', 'edge'])
    owner = await localCaller(service, 'user_upload_edge')
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-upload-edge-'))
  })
  afterAll(async () => {
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const upload = (...args: string[]) =>
    runUpload([`--work=${join(folder, 'work')}`, '--preset=ultrafast', ...args], {
      env: { LYNXGATE_URL: service.url, LYNXGATE_KEY: owner.rawKey },
    })

  it('F37: refuses a film that is too large for it before anything is made', async () => {
    const film = join(folder, 'large.mp4')
    await writeFile(film, '')
    await truncate(film, 951_000_000_000)
    expect(await upload(film)).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'This service takes no file over 950 GB, and large.mp4 has 951 GB: add --no-original to upload its stream alone.\n',
    })
  })

  it('F37, F43: uploads the stream alone, with chapters and the subtitles beside the film', async () => {
    const film = join(folder, 'film.mkv')
    const chapters = join(folder, 'chapters.txt')
    makeFilm(join(folder, 'plain.mkv'), { size: '160x120', seconds: 2, sounds: 2 })
    const chapter = (from: number, title: string): string =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${from}\nEND=${from + 1000}\ntitle=${title}\n`
    await writeFile(chapters, `;FFMETADATA1\n${chapter(0, 'One')}${chapter(1000, 'Two')}`)
    const inputs = ['-i', join(folder, 'plain.mkv'), '-i', chapters]
    execFileSync('ffmpeg', ['-v', 'error', ...inputs, '-map', '0', '-map_chapters', '1', '-c', 'copy', film])
    await writeFile(join(folder, 'film.de.forced.srt'), '1\n00:00:00,500 --> 00:00:01,500\nHallo --> Welt\n')

    const run = await upload(film, '--json', '--no-original', '--audio=2', '--audio-language=fr')
    expect(run, run.stderr).toMatchObject({ code: 0 })
    expect(run.stderr).toContain('Sound 1 (aac, eng) is left out: other tracks were asked for.\n')
    const { job_id: jobId, stream_url: stream } = JSON.parse(run.stdout) as { job_id: string; stream_url: string }
    expect([50, 51]).toContain(await countFrames(stream))
    const playlist = await (await fetch(stream)).text()
    expect(playlist.match(/TYPE=AUDIO.*/g)).toEqual([expect.stringContaining('LANGUAGE="fr",DEFAULT=YES')])
    expect(playlist).toContain('NAME="Deutsch (forced)",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES')

    const uriOf = (line: RegExp, text: string): string => new URL(line.exec(text)?.[1] ?? '', stream).href
    const json = await fetch(uriOf(/hls\.chapters",URI="([^"]+)"/, playlist))
    expect(json.status).toBe(200)
    expect(await json.json()).toMatchObject([{ titles: [{ title: 'One' }] }, { titles: [{ title: 'Two' }] }])
    const words = uriOf(/TYPE=SUBTITLES.*URI="([^"]+)"/, playlist)
    const [name = ''] = /^[^#\s].*$/m.exec(await (await fetch(words)).text()) ?? []
    const text = await (await fetch(new URL(name, words))).text()
    expect(text).toContain('00:00:00.500 --> 00:00:01.500\nHallo --&gt; Welt\n')

    const [, list] = await owner.answer('GET', '/api/storage/files?limit=1000')
    const keys = (list as { files: { key: string }[] }).files.map(({ key }) => key)
    expect(keys.length).toBeGreaterThan(5)
    expect(keys.filter((key) => !/\/(?:hls|thumbnails)\//.test(key))).toEqual([])
    expect((await owner.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({ status: 'completed' })
  })
})
