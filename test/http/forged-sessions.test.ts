// Ten thousand forged sessions; `npm run test:long` has ten times as many.
import { describeForgedSessions } from '../support/forged-sessions.ts'

describeForgedSessions(10_000)
