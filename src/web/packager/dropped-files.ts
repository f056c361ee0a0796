// Which of the dropped files are films, and which are subtitles of one. Pure.

export interface DroppedFilm {
  readonly file: File
  readonly subtitles: readonly File[]
}

const SUBTITLES = /\.(?:srt|vtt)$/i

/** `film.de.srt` belongs to `film.mp4`, and to a film that was dropped alone everything beside it. */
export function pairSubtitles(files: readonly File[]): readonly DroppedFilm[] {
  const films = files.filter(({ name }) => !SUBTITLES.test(name))
  const texts = files.filter(({ name }) => SUBTITLES.test(name))
  return films.map((file) => ({
    file,
    subtitles: films.length === 1 ? texts : texts.filter(({ name }) => isBeside(name, file.name)),
  }))
}

/** The names of subtitles that belong to none of the films. */
export function strayingSubtitles(files: readonly File[]): readonly string[] {
  const paired = new Set(pairSubtitles(files).flatMap(({ subtitles }) => subtitles))
  return files.filter((file) => SUBTITLES.test(file.name) && !paired.has(file)).map(({ name }) => name)
}

/**
 * `de` of `film.de.srt`, `en.forced` of `film.en.forced.vtt`; empty where there is nothing between. Of a file with
 * another stem than the film's, what follows its first dot.
 */
export function betweenStemAndType(subtitleName: string, filmName: string): string {
  const stemLength = isBeside(subtitleName, filmName) ? stemOf(filmName).length : subtitleName.indexOf('.')
  return subtitleName.slice(stemLength + 1).replace(/\.?(?:srt|vtt)$/i, '')
}

/** For a Unix shell, whatever the name. */
export function uploadCommand(fileName: string): string {
  const path = fileName.startsWith('-') ? `./${fileName}` : fileName
  return `npm run upload -- '${path.replaceAll("'", `'"'"'`)}'`
}

function isBeside(subtitleName: string, filmName: string): boolean {
  return subtitleName.toLowerCase().startsWith(`${stemOf(filmName).toLowerCase()}.`)
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}
