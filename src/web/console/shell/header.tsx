// The bar above every room: where one can go, and who one is.
import { useLocation } from 'preact-iso/router'
import { useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { BASE, rooms } from '../rooms.ts'
import { currentSession, signOut } from '../session.ts'
import { chooseLanguage, language, LANGUAGES, texts, type Language } from '../texts/texts.ts'
import { isPaletteOpen } from './commands.ts'
import { attempt } from './toasts.tsx'

export function Header() {
  const t = texts.value
  const { path } = useLocation()
  return (
    <header class="bar">
      <a class="mark" href={BASE}>
        <img src="/favicon.svg" alt="" width="32" height="32" />
        <span>lynxgate</span>
      </a>
      <nav class="rooms" aria-label={t.roomsLabel}>
        {rooms.map(({ id, path: place, icon }) => (
          <a key={id} href={place} aria-current={isIn(path, place) ? 'page' : undefined}>
            <Icon name={icon} />
            {t.rooms[id]}
          </a>
        ))}
      </nav>
      <button
        type="button"
        class="plain find"
        onClick={() => (isPaletteOpen.value = true)}
        aria-keyshortcuts="Control+K"
      >
        <Icon name="search" />
        <span>{t.palette.open}</span>
        <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <Account />
    </header>
  )
}

/** The film room belongs to the videos, and so does the bare address. */
function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`) || (path === BASE && place === rooms[0].path)
}

function Account() {
  const t = texts.value
  const menu = useRef<HTMLDivElement>(null)
  const { kind, label, organization, caller } = currentSession()
  return (
    <>
      <button type="button" class="plain square" popovertarget="account" aria-label={t.account.open}>
        <Icon name="user" />
      </button>
      <div ref={menu} id="account" popover="auto" class="popover account">
        <p class="strong">{label}</p>
        {organization !== undefined && <p>{organization}</p>}
        <p class="fine">{t.account.kinds[kind]}</p>
        <p class="fine id">{caller.user_id}</p>
        <label>
          {t.account.language}
          <select
            value={language.value}
            onChange={({ currentTarget }) => void attempt(() => chooseLanguage(currentTarget.value as Language))}
          >
            {Object.entries(LANGUAGES).map(([name, title]) => (
              <option key={name} value={name} lang={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <a href="/docs" target="_blank" rel="noreferrer">
          {t.account.reference}
        </a>
        <button type="button" class="button quiet wide" onClick={() => void attempt(signOut)}>
          {t.account.signOut}
        </button>
      </div>
    </>
  )
}
