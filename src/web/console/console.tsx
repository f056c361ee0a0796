// The console: starts in the reader's language, with the session that this tab had.
import { render } from 'preact'
import { App } from './shell/app.tsx'
import { restoreSession } from './sign-in/restore.ts'
import { startLanguage } from './texts/texts.ts'

const root = document.querySelector('#console')

await startLanguage().catch(() => undefined)
if (root !== null) render(<App />, root)
await restoreSession()
