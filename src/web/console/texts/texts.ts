// The language of the console: as the browser says, unless somebody chose another one here.
import { signal } from '@preact/signals'
import { en } from './en.ts'

/** Every text there is; each language has all of them. */
export type Texts = typeof en

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

const PLACE = 'lynxgate-language'

export const texts = signal<Texts>(en)
export const language = signal<Language>('en')

/** The language to begin with; another one than English is loaded. */
export async function startLanguage(): Promise<void> {
  const wanted = [localStorage.getItem(PLACE), ...navigator.languages]
    .map((name) => (name ?? '').slice(0, 2))
    .find(isLanguage)
  await useLanguage(wanted ?? 'en')
}

export async function chooseLanguage(name: Language): Promise<void> {
  localStorage.setItem(PLACE, name)
  await useLanguage(name)
}

async function useLanguage(name: Language): Promise<void> {
  texts.value = await LOADERS[name]()
  language.value = name
  document.documentElement.lang = name
}

const LOADERS: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(LANGUAGES, name)
}
