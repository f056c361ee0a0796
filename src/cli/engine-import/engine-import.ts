// npm run engine-import: gives a user the engine's videos and jobs that were made before the gate stood there.
import { ownershipKey, parseEngineId, type EngineId } from '../../core/engine/ids.ts'
import { parseUserId, type UserId } from '../../core/auth/principal.ts'
import { CommandProblem, defineCommand, EXIT, runCommand, usageProblem, type Values } from '../command.ts'
import { DATABASE_FLAGS, queryDatabase } from '../database.ts'

const COMMAND = defineCommand({
  call: 'npm run engine-import',
  summary: 'Makes the user the owner of jobs and videos of the engine. What has an owner already keeps that one.',
  flags: {
    user: { type: 'string', value: 'UUID', required: true, help: "the user's UUID, as GET /api/me tells it" },
    job: { type: 'string', value: 'ID', multiple: true, help: "a job's id at the engine" },
    video: { type: 'string', value: 'ID', multiple: true, help: "a video's id at the engine" },
    ...DATABASE_FLAGS,
  },
})

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

async function main(values: Values<typeof COMMAND.flags>): Promise<number> {
  const userId = parseUserId(values.user)
  if (userId === undefined) throw usageProblem('--user must be a UUID.')
  const wrong = [...values.job, ...values.video].find((text) => parseEngineId(text) === undefined)
  if (wrong !== undefined) throw usageProblem(`${JSON.stringify(wrong)} cannot be an id of the engine.`)
  const ids = (texts: readonly string[]) => texts.map(parseEngineId).filter((id) => id !== undefined)
  const grant: Grant = { userId, jobIds: ids(values.job), videoIds: ids(values.video) }
  if (grant.jobIds.length + grant.videoIds.length === 0) throw usageProblem('Give a --job or a --video.')

  let exitCode: number = EXIT.done
  for (const part of parts(grant)) {
    const owners = await queryDatabase<OwnerRow>(values, importStatements(part, Date.now()))
    if (owners.length === 0) {
      throw new CommandProblem('There is no such user: a user is made by signing in, or by npm run key.')
    }
    for (const { kind, id, user_id: owner } of owners) {
      if (owner === userId) console.log(`The ${kind} ${id} belongs to ${userId}.`)
      else {
        console.error(`The ${kind} ${id} has another owner and keeps that one.`)
        exitCode = EXIT.problem
      }
    }
  }
  return exitCode
}

/** The SQL is one argument of wrangler's command line, and Linux takes 128 KiB of one. */
const MAX_IDS_AT_ONCE = 100

function parts({ userId, jobIds, videoIds }: Grant): Grant[] {
  const all: Grant[] = []
  for (let at = 0; at < Math.max(jobIds.length, videoIds.length); at += MAX_IDS_AT_ONCE) {
    const cut = (ids: readonly EngineId[]) => ids.slice(at, at + MAX_IDS_AT_ONCE)
    all.push({ userId, jobIds: cut(jobIds), videoIds: cut(videoIds) })
  }
  return all
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

await runCommand(COMMAND, main)
