// The bytes of a subtitle file → its text. Many are older than UTF-8 and none says what it is. Pure.
import { languageBase } from '../../../core/packaging/language.ts'

export interface DecodedText {
  readonly text: string
  /** A label of the Encoding Standard, https://encoding.spec.whatwg.org. */
  readonly encoding: string
  /** The bytes fit more than one encoding, and the language decided. */
  readonly isGuess: boolean
}

/** What Windows wrote subtitles in before UTF-8, by language; elsewhere windows-1252, which holds all of Latin-1. */
const LEGACY: readonly (readonly [encoding: string, languages: string])[] = [
  ['windows-1250', 'bs cs hr hu pl ro sk sl sq'],
  ['windows-1251', 'be bg kk ky mk mn ru sr tg uk'],
  ['windows-1253', 'el'],
  ['windows-1254', 'az tr'],
  ['windows-1255', 'he yi'],
  ['windows-1256', 'ar fa ur'],
  ['windows-1257', 'et lt lv'],
  ['windows-1258', 'vi'],
  ['windows-874', 'th'],
  ['shift_jis', 'ja'],
  ['gb18030', 'zh'],
  ['euc-kr', 'ko'],
]

/**
 * `encoding` is what the person said of text that is not Unicode, `language` a BCP 47 tag. Bytes that fit nothing become
 * U+FFFD.
 */
export function decodeText(
  bytes: Uint8Array,
  hint: { readonly language?: string | undefined; readonly encoding?: string | undefined } = {},
): DecodedText {
  const marked = byteOrderMark(bytes)
  if (marked !== undefined) return decode(bytes, marked, false)
  const wide = wideEncoding(bytes)
  if (wide !== undefined) return decode(bytes, wide, false)
  const asUtf8 = decode(bytes, 'utf-8', false)
  const broken = count(asUtf8.text, /\uFFFD/g)
  if (broken === 0) return asUtf8
  if (hint.encoding !== undefined) return decode(bytes, hint.encoding, false)
  // Some hold a broken character or two: what is otherwise full of whole ones is UTF-8 all the same.
  if (broken * 10 < count(asUtf8.text, /[^\0-\u007F\uFFFD]/g)) return { ...asUtf8, isGuess: true }
  const base = languageBase(hint.language)
  const legacy = LEGACY.find(([, languages]) => base !== undefined && languages.split(' ').includes(base))
  return decode(bytes, legacy?.[0] ?? 'windows-1252', true)
}

/** Whether `decodeText` takes it as a hint. */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

function decode(bytes: Uint8Array, encoding: string, isGuess: boolean): DecodedText {
  return { text: new TextDecoder(encoding).decode(bytes), encoding, isGuess }
}

function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}

/** UTF-16 without its mark: times and line ends are ASCII, so every other byte of many is zero. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const zeros: [even: number, odd: number] = [0, 0]
  const sample = bytes.subarray(0, 4096)
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2 === 0 ? 0 : 1]++
  const [even, odd] = zeros
  if (Math.max(even, odd) < sample.length / 20) return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
