// The command line and the environment of the upload command → what is wanted, or a usage problem. Starts nothing.
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { defineCommand, readFlags, refuseKeptFlags, usageProblem } from '../command.ts'
import { STATE_FLAG } from '../local-state.ts'
import { readChoice, type TrackWishes } from './film/choice.ts'
import { languageTag } from '../../core/packaging/language.ts'
import { isEncoding } from './subtitles/text-encoding.ts'

export const COMMAND = defineCommand({
  call: 'npm run upload',
  argument: 'FILM',
  summary: `Makes an adaptive stream of a film with ffmpeg, uploads it with the film itself, and prints its links. After an
interruption the same command goes on where the last one stopped and sends nothing twice.`,
  flags: {
    name: { type: 'string', help: "what the video is called; the file's name if left out" },
    description: { type: 'string', help: 'what it is about' },
    share: { type: 'boolean', help: 'also makes a public page of it, with a secret link' },
    private: { type: 'boolean', help: 'watched with a playback token only; prints links that hold one' },
    'audio-language': {
      type: 'string',
      value: 'en,de',
      help: 'the languages of the audio tracks that do not say theirs, in order',
    },
    audio: {
      type: 'string',
      value: 'de,2',
      help: 'only these audio tracks, the first as the default: languages, numbers that --dry-run shows, or none',
    },
    subtitles: {
      type: 'string',
      value: 'en,3',
      help: 'only these subtitles: languages, numbers, names of files beside the film, or none',
    },
    'subtitle-language': {
      type: 'string',
      value: 'en,de',
      help: 'the languages of subtitles that do not say theirs, in order',
    },
    'subtitle-encoding': {
      type: 'string',
      value: 'windows-1251',
      help: 'what subtitles are in that are not Unicode; otherwise their language tells',
    },
    'no-original': { type: 'boolean', help: 'sends the stream alone, and not the film itself' },
    preset: { type: 'string', default: 'veryfast', help: "x264's, from ultrafast to veryslow" },
    work: {
      type: 'string',
      value: 'FOLDER',
      help: "what is made before it is sent lies here; otherwise in the user's cache folder",
    },
    again: { type: 'boolean', help: 'as a new video, even if this very film was uploaded before' },
    strict: { type: 'boolean', help: 'refuses a film that seems cut off or whose clock jumps' },
    'dry-run': { type: 'boolean', help: 'only says what would be made and sent; needs no key' },
    list: { type: 'boolean', help: 'only lists what unfinished uploads left to send, with sizes' },
    clean: { type: 'boolean', help: 'only removes that, of FILM or of all; what an upload works on stays' },
    json: {
      type: 'boolean',
      help: 'prints one line of JSON on standard output and nothing else; through npm: npm run --silent upload',
    },
    state: STATE_FLAG,
  },
  notes: `The environment names the service and the key:
  LYNXGATE_URL  its address; if left out, that of the npm start which runs on the state folder
  LYNXGATE_KEY  an API key with storage:read, storage:write, videos:write, reports:write for --share, and
                playback:sign for --private`,
})

export interface Options {
  readonly file: string
  readonly name: string | undefined
  readonly description: string | undefined
  readonly isShared: boolean
  readonly isPrivate: boolean
  readonly wishes: Omit<TrackWishes, 'beside'>
  readonly subtitleEncoding: string | undefined
  readonly isOriginalKept: boolean
  readonly preset: string
  readonly workRoot: string
  readonly isAgain: boolean
  readonly isStrict: boolean
  readonly isDryRun: boolean
  readonly isJson: boolean
  /** Of the local service, which is asked when the environment names none. */
  readonly state: string | undefined
  /** Empty when the environment has none. */
  readonly key: string
}

/** No upload: what unfinished ones left is listed or removed. */
export interface Housekeeping {
  readonly task: 'list' | 'clean'
  /** Undefined for all films. */
  readonly file: string | undefined
  readonly workRoot: string
  readonly isJson: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

const PRESETS = ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower', 'veryslow']

/** `'help'` when that was asked for. */
export function readOptions(
  args: readonly string[],
  environment: Environment,
  folder: string,
): Options | Housekeeping | 'help' {
  refuseKeptFlags(COMMAND, environment)
  const read = readFlags(COMMAND, args)
  if (read === 'help') return 'help'
  const { values, positionals } = read
  const [file, ...more] = positionals
  // npm starts every script in the project's folder and says where the person is.
  const place = environment['INIT_CWD'] || folder
  const workRoot = values.work === undefined ? cacheFolder(environment) : resolve(place, values.work)
  if (values.list || values.clean) {
    if (values.list && (values.clean || file !== undefined))
      throw usageProblem('--list takes no film: it lists all of them.')
    if (more.length > 0) throw usageProblem('Give one film only.')
    const task = values.list ? 'list' : 'clean'
    return { task, file: file === undefined ? undefined : resolve(place, file), workRoot, isJson: values.json }
  }
  if (file === undefined) throw usageProblem('No film was given: npm run upload -- film.mp4')
  if (more.length > 0) throw usageProblem('Give one film only.')
  if (values.private && values.share)
    throw usageProblem('--private and --share: a shared page shows the film to everyone who has its link.')
  if (!PRESETS.includes(values.preset)) throw usageProblem(`--preset takes one of ${PRESETS.join(', ')}.`)
  if (values.name !== undefined && !/^[^]{1,255}$/.test(values.name))
    throw usageProblem('--name takes 1 to 255 characters.')
  if ((values.description ?? '').length > 5000) throw usageProblem('--description takes up to 5,000 characters.')
  return {
    file: resolve(place, file),
    name: values.name,
    description: values.description,
    isShared: values.share,
    isPrivate: values.private,
    wishes: {
      languages: readLanguages('audio-language', values['audio-language'] ?? ''),
      subtitleLanguages: readLanguages('subtitle-language', values['subtitle-language'] ?? ''),
      audio: readChoice('audio', values.audio),
      subtitles: readChoice('subtitles', values.subtitles),
    },
    subtitleEncoding: readEncoding(values['subtitle-encoding']),
    isOriginalKept: !values['no-original'],
    preset: values.preset,
    workRoot,
    isAgain: values.again,
    isStrict: values.strict,
    isDryRun: values['dry-run'],
    isJson: values.json,
    state: values.state,
    key: readKey(environment['LYNXGATE_KEY'] || '', values['dry-run']),
  }
}

function readEncoding(label: string | undefined): string | undefined {
  if (label === undefined || isEncoding(label)) return label
  throw usageProblem(`--subtitle-encoding: "${label}" is not a text encoding such as windows-1251 or shift_jis.`)
}

function readLanguages(option: string, list: string): string[] {
  return list
    .split(',')
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const tag = languageTag(text)
      if (tag === undefined)
        throw usageProblem(`--${option}: "${text.trim()}" is not a language tag such as en or de-AT.`)
      return tag
    })
}

/** Looked at here, so that some other secret pasted by mistake goes nowhere. */
function readKey(text: string, isDryRun: boolean): string {
  if (isDryRun) return ''
  if (text === '') throw usageProblem('LYNXGATE_KEY is not set: it holds the API key to upload with.')
  if (!/^lvz_live_[0-9a-f]{64}$/.test(text)) {
    throw usageProblem('LYNXGATE_KEY is not an API key: one is lvz_live_ and 64 hexadecimal digits.')
  }
  return text
}

function cacheFolder(environment: Environment): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'lynxgate', 'uploads')
}

/** What the video is called without --name: the file's name without its extension. */
export function nameOfFile(file: string): string {
  const name = basename(file)
  return (name.replace(/\.[^.]+$/, '') || name).slice(0, 255).toWellFormed()
}
