// How the command meets its surroundings: npm, an old ffmpeg, readers that go away. Without a service.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAnnounced, keptFlags } from '../../../src/cli/npm.ts'
import { readVersion } from '../../../src/cli/upload/tools/tool-version.ts'
import { makeFilm, runUpload } from '../../support/upload-command.ts'
import { hasFfmpeg } from '../../support/programs.ts'

const env = { LYNXGATE_KEY: '', LYNXGATE_URL: 'http://localhost:1' }
let folder = ''
let film = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lynxgate-run-'))
  film = join(folder, 'film.mp4')
  if (hasFfmpeg) makeFilm(film, { size: '64x64', seconds: 1, sounds: 0 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('keptFlags', () => {
  const names = ['dry-run', 'name', 'json', 'no-original']
  const upload = { npm_lifecycle_event: 'upload' }
  it.each<[string, Record<string, string>, string[]]>([
    ['what npm set', { ...upload, npm_config_dry_run: 'true', npm_config_name: 'x' }, ['dry-run', 'name']],
    ['a negation', { ...upload, npm_config_original: '' }, ['no-original']],
    ['nothing of what npm leaves at its default', { ...upload, npm_config_json: '', npm_config_name: 'false' }, []],
    ['nothing of another script’s npm', { npm_lifecycle_event: 'ci', npm_config_json: 'true' }, []],
    ['nothing without npm', { npm_config_json: 'true' }, []],
  ])('are %s', (_, environment, kept) => expect(keptFlags('npm run upload', names, environment)).toEqual(kept))
})

describe('isAnnounced', () => {
  it('F38: is so under npm that was not told to be silent', () => {
    expect(isAnnounced({ npm_lifecycle_event: 'upload' })).toBe(true)
    expect(isAnnounced({ npm_lifecycle_event: 'upload', npm_config_loglevel: 'silent' })).toBe(false)
    expect(isAnnounced({})).toBe(false)
  })
})

describe('npm run upload', () => {
  /** npm itself, without what an npm around this test has set. */
  const npm = (...args: string[]) => {
    const clean = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))
    const { status, stdout, stderr } = spawnSync('npm', args, {
      encoding: 'utf8',
      env: { ...Object.fromEntries(clean), ...env },
      timeout: 60_000,
    })
    return { status, stdout, stderr }
  }

  it('refuses to go on without the flags that npm kept', { timeout: 90_000 }, () => {
    const { status, stderr } = npm('run', '--silent', 'upload', 'film.mp4', '--dry-run', '--name=x')
    expect(status).toBe(2)
    expect(stderr).toContain(
      'npm kept --name --dry-run for itself: put -- before it, as in "npm run upload -- --name --dry-run".',
    )
  })

  it.skipIf(!hasFfmpeg)('F38: prints JSON alone with --silent, and says so without it', { timeout: 90_000 }, () => {
    const silent = npm('run', '--silent', 'upload', '--', film, '--dry-run', '--json')
    expect(silent).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(silent.stdout)).toMatchObject({ ok: true, dry_run: true })
    const loud = npm('run', 'upload', '--', film, '--dry-run', '--json')
    expect(loud.stdout).not.toMatch(/^\{/)
    expect(loud.stderr).toContain('npm run --silent upload leaves them out.')
  })
})

describe('readVersion', () => {
  it.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026', [5, 1]],
    ['ffmpeg version n4.4.1 Copyright', [4, 4]],
    ['ffmpeg version 4.2.7-0ubuntu0.1 Copyright', [4, 2]],
    ['ffmpeg version 8.0 Copyright', [8, 0]],
    ['ffmpeg version N-109468-gd39b34123d Copyright', undefined],
    ['ffmpeg version 2024-11-03-git-df00705e00-full_build', undefined],
    ['ffmpeg version git-2020-06-01 Copyright', undefined],
    ['', undefined],
  ])('of %j is %j', (text, version) => expect(readVersion(text)).toEqual(version))
})

describe.skipIf(process.platform === 'win32')('an ffmpeg', { timeout: 60_000 }, () => {
  const withFfmpeg = async (name: string, firstLine: string) => {
    const place = join(folder, name)
    await mkdir(place)
    await writeFile(join(place, 'ffmpeg'), `#!/bin/sh\necho '${firstLine}'\n`, { mode: 0o755 })
    await writeFile(join(place, 'ffprobe'), '#!/bin/sh\necho "no film" >&2\nexit 1\n', { mode: 0o755 })
    await writeFile(join(folder, 'x.mp4'), 'x')
    return await runUpload([join(folder, 'x.mp4'), '--dry-run'], { env: { ...env, PATH: place } })
  }

  it('F38: that is too old is said before anything is done with it', async () => {
    expect(await withFfmpeg('old', 'ffmpeg version 4.3.8-0+deb11u1 Copyright (c) 2000-2024')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'This ffmpeg is version 4.3: 4.4 or newer is needed.\n',
    })
  })

  it('that does not say its version is taken', async () => {
    const run = await withFfmpeg('nightly', 'ffmpeg version N-109468-gd39b34123d')
    expect(run.stderr).toMatch(/^ffmpeg cannot read x\.mp4 as a video/)
  })
})

describe('a command that is not listened to', { timeout: 60_000 }, () => {
  it.each([['stdout'], ['stderr'], ['stdin']] as const)('ends as it would: %s closed', async (name) => {
    const run = await runUpload(['--list', `--work=${folder}`], { env, closed: [name] })
    expect(run).toMatchObject({ code: 0, signal: null })
    const wrong = await runUpload(['--list', 'film.mp4'], { env, closed: ['stdout', 'stderr'] })
    expect(wrong).toMatchObject({ code: 2, signal: null })
  })

  it.skipIf(process.platform !== 'linux')('fails when its result cannot be written', () => {
    const command = `exec "$0" src/cli/run.mjs upload --list --work="$1" > /dev/full`
    const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, folder], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^The result could not be written to standard output: ENOSPC[^\n]*\n$/)
  })
})
