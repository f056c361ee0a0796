// A hundred thousand forged sessions.
import { describeForgedSessions } from '../../support/forged-sessions.ts'

describeForgedSessions(100_000)
