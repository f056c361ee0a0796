// npm run token: a session token that the service of `npm start` accepts, signed by the local issuer's key.
import { readFile } from 'node:fs/promises'
import { importPKCS8, SignJWT } from 'jose'
import { parseUserId } from '../../core/auth/principal.ts'
import { MAX_LIFETIME_SECONDS, readClerkUserId } from '../../core/auth/session-token.ts'
import { defineCommand, runCommand, usageProblem, type Values } from '../command.ts'
import { existingLocalState, LOCAL_ISSUER, LOCAL_KEY_ID, STATE_FLAG } from '../local-state.ts'
import { runningService } from '../service-file.ts'

const COMMAND = defineCommand({
  call: 'npm run --silent token',
  summary: 'Prints a session token for the service that npm start runs, and for no other.',
  flags: {
    sub: {
      type: 'string',
      value: 'ID',
      default: 'user_demo',
      help: "the user's Clerk id; user_demo owns the demo film",
    },
    seconds: {
      type: 'string',
      value: 'N',
      default: String(MAX_LIFETIME_SECONDS),
      help: 'how long the token lives, which is also the most',
    },
    uid: { type: 'string', value: 'UUID', help: 'the claim uid: the id a new user gets' },
    state: STATE_FLAG,
  },
})

async function main(values: Values<typeof COMMAND.flags>): Promise<void> {
  if (readClerkUserId(values.sub) === undefined) throw usageProblem('--sub must be a Clerk user id, such as user_demo.')
  const seconds = /^\d{1,5}$/.test(values.seconds) ? Number(values.seconds) : 0
  if (seconds < 1 || seconds > MAX_LIFETIME_SECONDS)
    throw usageProblem(`--seconds must be 1 to ${MAX_LIFETIME_SECONDS}.`)
  if (values.uid !== undefined && parseUserId(values.uid) === undefined) throw usageProblem('--uid must be a UUID.')
  const { issuerKeyFile } = existingLocalState(values.state)
  const key = await importPKCS8(await readFile(issuerKeyFile, 'utf8'), 'RS256')
  const now = Math.floor(Date.now() / 1000)
  const claims = { sid: 'sess_local', v: 2, sts: 'active', ...(values.uid !== undefined && { uid: values.uid }) }
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: LOCAL_KEY_ID })
    .setIssuer(LOCAL_ISSUER)
    .setSubject(values.sub)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + seconds)
    .sign(key)
  const service = runningService(values.state)
  console.error(
    service === undefined ? 'Its service is not running: npm start.' : `Its service runs at ${service.url}.`,
  )
  console.log(token)
}

await runCommand(COMMAND, main)
