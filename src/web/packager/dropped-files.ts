// Which of the dropped files are films, and which are subtitles of one. Pure.

export interface DroppedFilm {
  readonly file: File
  readonly subtitles: readonly File[]
}

const SUBTITLES = /\.(?:srt|vtt)$/i

/** `film.de.srt` belongs to `film.mp4`; subtitles of no film are left out. */
export function pairSubtitles(files: readonly File[]): readonly DroppedFilm[] {
  const films = files.filter(({ name }) => !SUBTITLES.test(name))
  const texts = files.filter(({ name }) => SUBTITLES.test(name))
  return films.map((file) => ({
    file,
    subtitles: texts.filter(({ name }) => name.toLowerCase().startsWith(`${stemOf(file.name).toLowerCase()}.`)),
  }))
}

/** `de` of `film.de.srt`, `en.forced` of `film.en.forced.vtt`; empty where there is nothing between. */
export function betweenStemAndType(subtitleName: string, filmName: string): string {
  return subtitleName.slice(stemOf(filmName).length + 1).replace(/\.?(?:srt|vtt)$/i, '')
}

/** For a Unix shell, whatever the name. */
export function uploadCommand(fileName: string): string {
  const path = fileName.startsWith('-') ? `./${fileName}` : fileName
  return `npm run upload -- '${path.replaceAll("'", `'"'"'`)}'`
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}
