// `npm run upload` from end to end: a film on a disk becomes a video that plays, whatever happens on the way.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { freePort, spawnLocalService, type LocalService } from '../support/local-service.ts'
import { countFrames, makeFilm, probePlayback, runUpload, type CommandRun } from '../support/upload-command.ts'
import { hasFfmpeg } from '../support/programs.ts'

const SUBTITLES = '1\n00:00:01,000 --> 00:00:02,500\nHallo, <i>Luchs</i>.\n\n2\n00:00:03,000 --> 00:00:04,000\nEnde.\n'
const WRONG_KEY = `lvz_live_${'0'.repeat(64)}`

interface Result {
  readonly job_id: string
  readonly name: string
  readonly watch_url: string
  readonly stream_url: string
  readonly share_url: string | null
  readonly sent: { files: number; bytes: number }
  readonly present: { files: number; bytes: number }
}

describe.skipIf(!hasFfmpeg)('npm run upload (skipped where ffmpeg is missing)', () => {
  let service: LocalService
  let proxy: CountingProxy
  let owner: LocalCaller
  let folder = ''
  let film = ''

  beforeAll(async () => {
    service = await spawnLocalService()
    proxy = await startCountingProxy(service.url)
    owner = await localCaller(service, 'user_upload_command')
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-upload-'))
    film = join(folder, 'A small film (2).mkv')
    await writeFile(join(folder, 'words.srt'), SUBTITLES)
    makeFilm(film, { size: '640x360', seconds: 6, sounds: 2, subtitles: join(folder, 'words.srt') })
  })
  afterAll(async () => {
    await proxy.close()
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const upload = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    terms: Omit<Parameters<typeof runUpload>[1], 'env'> = {},
  ): Promise<CommandRun> =>
    runUpload([`--work=${join(folder, 'work')}`, '--preset=ultrafast', ...args], {
      env: { LYNXGATE_URL: proxy.url, LYNXGATE_KEY: owner.rawKey, ...env },
      ...terms,
    })

  const readResult = (run: CommandRun): Result => {
    expect(run.stderr + run.stdout).not.toContain(owner.rawKey)
    expect(run.stderr + run.stdout).not.toContain('X-Amz-')
    expect(run, run.stderr).toMatchObject({ code: 0 })
    return JSON.parse(run.stdout) as Result
  }

  it('goes on after being killed half-way, sends nothing twice, and the film plays', async () => {
    const args = [film, '--json', '--share', '--name=Small film', '--description=Two lines', '--audio-language=de']
    const killed = await upload(
      args,
      {},
      {
        onStart: (kill) => {
          proxy.onPut = (count) => count === 9 && kill('SIGKILL')
        },
      },
    )
    expect(killed).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    await proxy.idle()
    const before = new Set(proxy.puts.keys())
    expect(before.size).toBeGreaterThanOrEqual(9)
    proxy.onPut = () => undefined

    const result = readResult(await upload(args))
    expect(result.present.files).toBeGreaterThanOrEqual(9)
    expect(result.sent.files).toBeGreaterThan(0)
    expect(proxy.puts.size).toBe(result.present.files + result.sent.files)
    expect([...proxy.puts].filter(([, statuses]) => statuses.length !== 1 || statuses[0] !== 200)).toEqual([])
    // The entry playlist went last: until then the stream was not there.
    expect([...proxy.puts.keys()].at(-1)).toMatch(/\/hls\/[^/]+\/index\.m3u8$/)

    const probed = await probePlayback(result.stream_url)
    expect(Number(probed.format.duration)).toBeCloseTo(6, 0)
    expect(probed.streams.filter(({ codec_type }) => codec_type === 'video').map(({ height }) => height)).toEqual([
      360, 240,
    ])
    // One more where the sound begins a little before the picture: its first frame is then shown a little longer.
    expect([150, 151]).toContain(await countFrames(result.stream_url))
    const playlist = await (await fetch(result.stream_url)).text()
    expect(playlist).toContain('NAME="English",LANGUAGE="en",DEFAULT=YES')
    expect(playlist).toContain('NAME="Deutsch",LANGUAGE="de",DEFAULT=NO')
    expect(playlist).toContain('TYPE=SUBTITLES')

    const [, video] = await owner.answer('GET', `/api/videos/${result.job_id}`)
    expect(video).toMatchObject({
      name: 'Small film',
      description: 'Two lines',
      status: 'completed',
      duration: expect.closeTo(6, 1),
    })
    expect((await fetch(`${service.url}/api/playback/direct?job_id=${result.job_id}`)).status).toBe(200)
    expect((await fetch(`${service.url}/api/playback/thumbnail/${result.job_id}`)).status).toBe(200)
    const hash = result.share_url?.split('/').at(-1)
    const shared = await (await fetch(`${service.url}/api/shared-reports/${hash}`)).json()
    expect(shared).toMatchObject({ video: { name: 'Small film' } })

    const sent = [...proxy.puts.values()].flat().length
    const again = readResult(await upload([...args.slice(0, 3), '--name=Another name', '--audio-language=de']))
    expect(again).toMatchObject({ job_id: result.job_id, share_url: result.share_url, sent: { files: 0 } })
    expect([...proxy.puts.values()].flat()).toHaveLength(sent)
    expect((await owner.answer('GET', `/api/videos/${result.job_id}`))[1]).toMatchObject({ name: 'Another name' })
    // What was encoded is not kept once it is sent; only the job's id is.
    expect((await readdir(join(folder, 'work'), { recursive: true })).filter((name) => name.includes('hls'))).toEqual(
      [],
    )
  })

  it('tries again what the bucket could not take', async () => {
    const other = join(folder, 'retry.mp4')
    makeFilm(other, { size: '160x120', seconds: 2, sounds: 0 })
    proxy.failPuts(3)
    const result = readResult(await upload([other, '--json']))
    expect(result.sent.files).toBeGreaterThan(3)
    expect([...proxy.puts.values()].filter((statuses) => statuses.includes(503))).toSatisfy(
      (failed: number[][]) => failed.length > 0 && failed.every((statuses) => statuses.at(-1) === 200),
    )
    expect(await countFrames(result.stream_url)).toBe(50)
  })

  it('goes on when its output is not read', async () => {
    const other = join(folder, 'unheard.mp4')
    makeFilm(other, { size: '160x120', seconds: 1, sounds: 0 })
    const run = await upload([other, '--json'], {}, { closed: ['stdin', 'stderr'] })
    expect(run).toMatchObject({ code: 0, signal: null })
    expect(await countFrames(readResult(run).stream_url)).toBe(25)
    // The result is written to nobody, and the upload is done all the same.
    expect(await upload([other, '--name=Heard'], {}, { closed: ['stdout', 'stderr'] })).toMatchObject({ code: 0 })
    const { job_id: jobId } = readResult(run)
    expect((await owner.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({ name: 'Heard' })
  })

  it('F38: works in a folder of any name, on a film of any name', async () => {
    // Behind a link, from where the way up leads elsewhere.
    await mkdir(join(folder, 'far/away/ü%d %s?a=1#b'), { recursive: true })
    const place = join(folder, 'ü%d %s?a=1#b')
    await symlink(join(folder, 'far/away/ü%d %s?a=1#b'), place)
    const other = join(place, '100% #1?.mxf')
    // ffmpeg would take such a name for an address or a pattern when it writes: it is put there afterwards.
    makeFilm(join(folder, 'plain.mkv'), {
      size: '160x120',
      seconds: 2,
      sounds: 1,
      subtitles: join(folder, 'words.srt'),
    })
    await rename(join(folder, 'plain.mkv'), other)
    const result = readResult(await upload([other, '--json', `--work=${place}`]))
    expect([50, 51]).toContain(await countFrames(result.stream_url))
    expect(result.name).toBe('100% #1?')
  })

  it('stops on Ctrl-C, says how to go on, and does', async () => {
    const other = join(folder, 'interrupted.mp4')
    makeFilm(other, { size: '640x360', seconds: 8, sounds: 1 })
    let interrupt: (signal: NodeJS.Signals) => void = () => undefined
    let isInterrupted = false
    const run = await upload(
      [other],
      {},
      {
        onStart: (kill) => (interrupt = kill),
        onStderr: (text) => {
          // The second Ctrl-C of an impatient person ends the command at once, which is another story.
          if (!text.includes('240p') || isInterrupted) return
          isInterrupted = true
          interrupt('SIGINT')
        },
      },
    )
    expect(run).toMatchObject({ code: 130, stdout: '' })
    expect(run.stderr).toMatch(/\nInterrupted: the same command goes on where this one stopped\.\n$/)
    const made = await readdir(join(folder, 'work'), { recursive: true })
    expect(made.filter((name) => name.endsWith('360p'))).toHaveLength(1)
    expect(made.filter((name) => /\.part-|lock$/.test(name))).toEqual([])
    readResult(await upload([other, '--json']))
  })

  it('says in a dry run what it would make, without a key or a service', async () => {
    const run = await upload([film, '--dry-run'], { LYNXGATE_KEY: '', LYNXGATE_URL: 'http://localhost:1' })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/360p, 640x360[^]*240p, 426x240[^]*English[^]*Deutsch/)
    expect(run.stdout).toContain('Picture 0 (h264) becomes H.264, 640x360 and smaller, 25 frames/s')
    expect(run.stdout).toMatch(/Sound 1 \(\S+ eng\) becomes AAC, \d+ Hz, mono\n/)
    expect(run.stdout).toMatch(/Subtitles 3 \(\S+ ger\) becomes WebVTT\n/)
  })

  it('F33: tells a program in a dry run what becomes of each track, and of doubts', async () => {
    const cut = join(folder, 'cut.mkv')
    const bytes = await readFile(film)
    await writeFile(cut, bytes.subarray(0, bytes.length / 2))
    const run = await upload([cut, '--dry-run', '--json'])
    expect(JSON.parse(run.stdout)).toMatchObject({
      tracks: [
        { index: 0, track: 'Picture 0 (h264)', becomes: expect.stringMatching(/^H\.264, 640x360/) },
        { index: 1, becomes: expect.stringMatching(/^AAC/) },
        { index: 2, becomes: expect.stringMatching(/^AAC/) },
        { index: 3, becomes: 'WebVTT', why: null },
      ],
      doubts: [
        expect.stringMatching(/^It says that it lasts 6\.\d s, and there are \d\.\d s of it: was it cut off\?$/),
      ],
    })
    // What is doubted is said and made, but not with --strict.
    expect(await upload([cut, '--strict'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^It says that it lasts 6\.\d s, and there are \d\.\d s of it: was it cut off\?\n$/,
      ),
    })
    const made = await upload([cut, '--json'])
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('was it cut off?') })
    expect((JSON.parse(made.stdout) as { duration: number }).duration).toBeLessThan(5)
  })

  it('F16: goes to the service of the state folder, unless LYNXGATE_URL names another', async () => {
    const args = [film, '--dry-run', '--json', `--state=${service.stateFolder}`]
    const origin = async (env: Record<string, string>): Promise<unknown> =>
      (JSON.parse((await upload(args, env)).stdout) as { url: unknown }).url
    expect(await origin({ LYNXGATE_URL: '' })).toBe(service.url)
    expect(await origin({ LYNXGATE_URL: 'https://video.example.com' })).toBe('https://video.example.com')
  })

  it.each<[string, { args?: string[]; env?: Record<string, string> }, number, string | RegExp]>([
    [
      'a wrong key',
      { env: { LYNXGATE_KEY: WRONG_KEY } },
      1,
      /^The service refuses the key in LYNXGATE_KEY: Invalid or inactive API key\.\n$/,
    ],
    [
      'something that is no key',
      { env: { LYNXGATE_KEY: 'sk_live_1' } },
      2,
      /^LYNXGATE_KEY is not an API key: [^\n]+\n$/,
    ],
    ['no key', { env: { LYNXGATE_KEY: '' } }, 2, /^LYNXGATE_KEY is not set: [^\n]+\n$/],
    ['no ffmpeg', { env: { PATH: '/nonexistent' } }, 1, /^ffmpeg is missing: install ffmpeg [^\n]+\n$/],
    ['no file', { args: ['missing.mp4'] }, 2, /^There is no file .*missing\.mp4\n$/],
    ['no film named', { args: [] }, 2, 'No film was given: npm run upload -- film.mp4\n'],
    ['an option that is none', { args: ['film.mp4', '--nmae=x'] }, 2, "Unknown option '--nmae'. See --help.\n"],
  ])('says in one sentence: %s', async (_, { args = [film], env = {} }, code, sentence) => {
    const run = await upload(args, env)
    expect(run).toMatchObject({ code, stdout: '' })
    if (typeof sentence === 'string') expect(run.stderr).toBe(sentence)
    else expect(run.stderr).toMatch(sentence)
  })

  it('says in one sentence that the service is away', async () => {
    const url = `http://localhost:${await freePort()}`
    const run = await upload([film], { LYNXGATE_URL: url })
    expect(run).toMatchObject({
      code: 1,
      stderr: `${url} cannot be reached: is LYNXGATE_URL right, and is the service running?\n`,
    })
  })

  it('says in one sentence that a file is no video, also to a program', async () => {
    const text = join(folder, 'notes.txt')
    await writeFile(text, 'Not a film.\n')
    const sentence = 'ffmpeg cannot read notes.txt as a video.'
    expect(await upload([text])).toMatchObject({ code: 1, stderr: `${sentence}\n` })
    expect(JSON.parse((await upload([text, '--json'])).stdout)).toEqual({
      ok: false,
      error: sentence,
      exit_code: 1,
    })
  })

  it('makes a film private, and prints links with a token that open it', async () => {
    const result = readResult(await upload([film, '--json', '--private']))
    const bare = `${new URL(result.stream_url).origin}/api/playback/stream/${result.job_id}/index.m3u8`
    expect((await fetch(bare)).status).toBe(403)
    const opened = await fetch(result.stream_url)
    expect(opened.status).toBe(200)
    expect(await opened.text()).toMatch(/\/v\/[A-Za-z0-9_-]{82}\//)
    expect((await fetch(result.watch_url)).status).toBe(200)
    expect(await upload([film, '--private', '--share'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('names every scope the key lacks, before it makes anything', async () => {
    const [, weak] = await owner.answer('POST', '/api/keys', { name: 'weak', scopes: ['storage:write', 'videos:read'] })
    const { raw_key: key } = weak as { raw_key: string }
    expect(await upload([film, '--share', '--again'], { LYNXGATE_KEY: key })).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'The key in LYNXGATE_KEY lacks the scopes storage:read, videos:write, reports:write: use one that has all it needs.\n',
    })
  })
})
