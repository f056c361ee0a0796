// npm run engine-import: gives a user the engine's videos and jobs that were made before the gate stood there.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownershipKey, parseEngineId, type EngineId } from '../core/engine-id.ts'
import { parseUserId, type UserId } from '../core/principal.ts'
import { openLocalState } from './local-state.ts'
import { PROJECT_FOLDER, runWrangler } from './wrangler.ts'

const HELP = `npm run engine-import -- --user UUID [--job ID …] [--video ID …] [--remote [--env NAME]] [--state FOLDER]

Makes the user the owner of jobs and videos of the engine. What has an owner already keeps him.
  --user     the user's UUID, as GET /api/me tells it
  --job      a job's id at the engine; may be given again
  --video    a video's id at the engine; may be given again
  --remote   in the deployed database, not in that of npm start
  --env      with --remote: an [env.NAME] of wrangler.toml
  --state    without --remote: the folder npm start keeps its data in; default .lynxgate`

/** What is given to whom. Every text in it is of an alphabet that cannot end an SQL literal. */
interface Grant {
  readonly userId: UserId
  readonly jobIds: readonly EngineId[]
  readonly videoIds: readonly EngineId[]
}

interface OwnerRow {
  readonly kind: 'job' | 'video'
  readonly id: string
  readonly user_id: string
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      user: { type: 'string', default: '' },
      job: { type: 'string', multiple: true, default: [] },
      video: { type: 'string', multiple: true, default: [] },
      remote: { type: 'boolean', default: false },
      env: { type: 'string' },
      state: { type: 'string', default: join(PROJECT_FOLDER, '.lynxgate') },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const userId = parseUserId(values.user)
  if (userId === undefined) return fail(`--user takes a UUID.\n\n${HELP}`)
  const wrong = [...values.job, ...values.video].find((text) => parseEngineId(text) === undefined)
  if (wrong !== undefined) return fail(`"${wrong}" can be no id of the engine.`)
  const ids = (texts: readonly string[]) => texts.map(parseEngineId).filter((id) => id !== undefined)
  const grant: Grant = { userId, jobIds: ids(values.job), videoIds: ids(values.video) }
  if (grant.jobIds.length + grant.videoIds.length === 0) return fail(`Name a --job or a --video.\n\n${HELP}`)

  const place = values.remote
    ? ['--remote', ...(values.env === undefined ? [] : ['--env', values.env])]
    : ['--local', '--persist-to', openLocalState(values.state).dataFolder]
  const command = importStatements(grant, Date.now())
  const execute = ['d1', 'execute', 'DB', '--yes', '--json', ...place, '--command', command]
  const { code, output, stdout } = await runWrangler(execute)
  const owners = code === 0 ? readOwners(stdout) : undefined
  if (owners === undefined) return fail(`${output}\nNothing was imported: wrangler's reason stands above.`)
  if (owners.length === 0) return fail('There is no such user: one is made by signing in, or by npm run key.')
  for (const { kind, id, user_id: owner } of owners) {
    if (owner === userId) console.log(`The ${kind} ${id} belongs to ${userId}.`)
    else fail(`The ${kind} ${id} has another owner and keeps him.`)
  }
}

/** One statement a resource, which does nothing for an unknown user, and a last one that tells every owner. */
function importStatements({ userId, jobIds, videoIds }: Grant, nowMs: number): string {
  const isUser = `FROM users WHERE id = '${userId}' AND deleted_at IS NULL`
  const now = String(Math.trunc(nowMs))
  const list = (texts: readonly string[]) => texts.map((text) => `'${text}'`).join(', ')
  return [
    ...jobIds.map(
      (id) => `INSERT OR IGNORE INTO engine_jobs (job_id, user_id, created_at) SELECT '${id}', id, ${now} ${isUser}`,
    ),
    ...videoIds.map(
      (id) =>
        'INSERT OR IGNORE INTO engine_videos (ownership_key, video_id, user_id, created_at)' +
        ` SELECT '${ownershipKey(id)}', '${id}', id, ${now} ${isUser}`,
    ),
    `SELECT 'job' AS kind, job_id AS id, user_id FROM engine_jobs WHERE job_id IN (${list(jobIds)}) UNION ALL` +
      " SELECT 'video', video_id, user_id FROM engine_videos" +
      ` WHERE ownership_key IN (${list(videoIds.map(ownershipKey))});`,
  ].join('; ')
}

/** The rows of the last statement: wrangler prints a list with one entry a statement. */
function readOwners(stdout: string): readonly OwnerRow[] | undefined {
  try {
    const statements = JSON.parse(stdout) as { results: OwnerRow[] }[]
    return statements.at(-1)?.results
  } catch {
    return undefined
  }
}

function fail(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

await main()
