// What ffmpeg and ffprobe may open, and what they may take it for. A text file with the name of a film can be a list of
// other files, on this disk or on a server; so every input names the formats it may have, and lists are no film. Pure.

import { relative, resolve } from 'node:path'

export interface Input {
  readonly path: string
  /** Names of ffmpeg's demuxers; whatever it takes the file for otherwise ends the call. */
  readonly formats: readonly string[]
  /** What is said about this input alone, before it. */
  readonly options: readonly string[]
}

/** Containers of moving pictures that name no other file: no playlists, lists of files, scripts, devices or patterns. */
const FILM_FORMATS = [
  'mov',
  'matroska',
  'avi',
  'mpegts',
  'mpeg',
  'flv',
  'live_flv',
  'asf',
  'ogg',
  'mxf',
  'gxf',
  'dv',
  'nut',
  'rm',
  'wtv',
  'ivf',
  'ivr',
  'nsv',
  'nuv',
  'pva',
  'ty',
  'film_cpk',
  'gif',
  'apng',
  'yuv4mpegpipe',
] as const

const SUBTITLE_FORMATS = ['srt', 'webvtt', 'ass'] as const

/** How far ffmpeg looks for tracks that begin late, as broadcasts have them; where an index names them it does not. */
const LOOK_FAR = ['-analyzeduration', '30M', '-probesize', '50M']

/** A film as it was given: untrusted. */
export function filmInput(path: string, ...options: string[]): Input {
  return { path, formats: FILM_FORMATS, options: [...LOOK_FAR, ...options] }
}

/** A file of subtitles as it was given. */
export function subtitleInput(path: string, ...options: string[]): Input {
  return { path, formats: SUBTITLE_FORMATS, options }
}

/** The playlist of a rendition that this command wrote. */
export function renditionInput(path: string, ...options: string[]): Input {
  return { path, formats: ['hls', 'mov'], options }
}

/** A film that this command wrote. */
export function ownInput(path: string, format: 'mov' | 'matroska'): Input {
  return { path, formats: [format], options: [] }
}

/** A file that this command wrote, in a format that cannot be told from its bytes. */
export function rawInput(path: string, format: string, ...options: string[]): Input {
  return { path, formats: [format], options: ['-f', format, ...options] }
}

/**
 * `file:` lets a name be anything: an option, an address, a protocol's prefix. `folder` is where ffmpeg runs: from there
 * the names of what this command wrote are its own.
 */
export function inputArguments({ path, formats, options }: Input, folder?: string): string[] {
  const name = folder === undefined ? path : nameFrom(folder, path)
  return ['-protocol_whitelist', 'file,pipe', '-format_whitelist', formats.join(','), ...options, '-i', `file:${name}`]
}

/** What lies elsewhere keeps its whole path: the way up from a folder that is a link leads to another place. */
function nameFrom(folder: string, path: string): string {
  const name = relative(folder, path)
  return name.startsWith('..') ? resolve(path) : name
}
