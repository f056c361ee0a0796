// npm run token: a session token that the service of `npm start` accepts, signed by the local issuer's key.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { importPKCS8, SignJWT } from 'jose'
import { MAX_LIFETIME_SECONDS, readClerkUserId } from '../core/session-token.ts'
import { LOCAL_ISSUER, openLocalState } from './local-state.ts'
import { PROJECT_FOLDER } from './wrangler.ts'

const HELP = `npm run --silent token -- --sub user_demo [--seconds 3600] [--uid UUID] [--state .lynxgate]

Prints a session token for the service that npm start runs, and for no other.
  --sub       the user's Clerk id; user_demo owns the demo film
  --seconds   how long the token lives, ${MAX_LIFETIME_SECONDS} at most
  --uid       the claim uid: the id a new user gets
  --state     the folder npm start keeps its secrets in`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sub: { type: 'string', default: 'user_demo' },
      seconds: { type: 'string', default: String(MAX_LIFETIME_SECONDS) },
      uid: { type: 'string' },
      state: { type: 'string', default: join(PROJECT_FOLDER, '.lynxgate') },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  if (readClerkUserId(values.sub) === undefined) return fail(`"${values.sub}" is no Clerk user id, such as user_demo.`)
  const seconds = /^\d{1,5}$/.test(values.seconds) ? Number(values.seconds) : 0
  if (seconds < 1 || seconds > MAX_LIFETIME_SECONDS) {
    return fail(`A token lives from 1 to ${MAX_LIFETIME_SECONDS} seconds.`)
  }
  const { issuerKeyFile } = openLocalState(values.state)
  const key = await importPKCS8(await readFile(issuerKeyFile, 'utf8'), 'RS256')
  const now = Math.floor(Date.now() / 1000)
  const claims = { sid: 'sess_local', v: 2, sts: 'active', ...(values.uid !== undefined && { uid: values.uid }) }
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'ins_local' })
    .setIssuer(LOCAL_ISSUER)
    .setSubject(values.sub)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + seconds)
    .sign(key)
  console.log(token)
}

function fail(sentence: string): void {
  console.error(`${sentence}\n\n${HELP}`)
  process.exitCode = 1
}

await main()
