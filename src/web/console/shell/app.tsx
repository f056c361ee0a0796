// The frame of all rooms: who is not signed in stands at the door.
import type { ComponentChildren } from 'preact'
import lazy, { ErrorBoundary } from 'preact-iso/lazy'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router'
import { signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import { BASE } from '../rooms.ts'
import { session } from '../session.ts'
import { SignIn } from '../sign-in/sign-in.tsx'
import { texts } from '../texts/texts.ts'
import { DropPlace } from '../uploads/drop-place.tsx'
import { UploadsPanel } from '../uploads/uploads-panel.tsx'
import { VideosRoom } from '../videos/videos-room.tsx'
import { isPaletteOpen } from './commands.ts'
import { Header } from './header.tsx'
import { listenToKeys } from './keyboard.ts'
import { Palette } from './palette.tsx'
import { useTitle } from './title.ts'
import { Toasts } from './toasts.tsx'

const FilmRoom = lazy(async () => (await import('../film/film-room.tsx')).FilmRoom)
const ReportsRoom = lazy(async () => (await import('../reports/reports-room.tsx')).ReportsRoom)
const AnalyticsRoom = lazy(async () => (await import('../analytics/analytics-room.tsx')).AnalyticsRoom)
const KeysRoom = lazy(async () => (await import('../keys/keys-room.tsx')).KeysRoom)
const AuditRoom = lazy(async () => (await import('../audit/audit-room.tsx')).AuditRoom)
const HealthRoom = lazy(async () => (await import('../health/health-room.tsx')).HealthRoom)

/** A part that another version of the service does not have any more. */
const isOutdated = signal(false)

export function App() {
  return (
    <LocationProvider scope={BASE}>
      {session.value === undefined ? <SignIn /> : <Rooms />}
      <Toasts />
    </LocationProvider>
  )
}

function Rooms() {
  useLayoutEffect(() => listenToKeys(), [])
  return (
    <>
      <a class="skip" href="#room">
        {texts.value.skip}
      </a>
      <Header />
      <main id="room" tabIndex={-1}>
        {isOutdated.value && <Outdated />}
        <ErrorBoundary onError={noticeOutdated}>
          <Router>
            <Route path={BASE} component={VideosRoom} />
            <Route path={`${BASE}/videos`} component={VideosRoom} />
            <Route path={`${BASE}/videos/:jobId/:section?`} component={FilmRoom} />
            <Route path={`${BASE}/reports`} component={ReportsRoom} />
            <Route path={`${BASE}/analytics`} component={AnalyticsRoom} />
            <Route path={`${BASE}/keys/:tab?`} component={KeysRoom} />
            <Route path={`${BASE}/audit`} component={AuditRoom} />
            <Route path={`${BASE}/health`} component={HealthRoom} />
            <Route default component={NoRoom} />
          </Router>
        </ErrorBoundary>
      </main>
      <UploadsPanel />
      <DropPlace />
      {isPaletteOpen.value && <Palette />}
    </>
  )
}

function noticeOutdated(error: Error): void {
  isOutdated.value = true
  throw error
}

function Outdated() {
  const t = texts.value
  return (
    <div class="problem" role="alert">
      <p>{t.outdated}</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {t.reload}
      </button>
    </div>
  )
}

function NoRoom() {
  const t = texts.value
  useTitle(t.noRoom)
  const { route } = useLocation()
  return (
    <Sheet title={t.noRoom}>
      <button type="button" class="button" onClick={() => route(BASE)}>
        {t.toVideos}
      </button>
    </Sheet>
  )
}

function Sheet({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h1>{title}</h1>
      {children}
    </div>
  )
}
