// Reads the whole audit trail: each row must be there, and what it was when it was sealed.
import { trailCheck, type StoredAudit } from '../../core/audit/chain.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import { runWrangler } from '../wrangler.ts'
import { loginAdvice } from './database-check.ts'
import { ok, problem, type Finding } from './finding.ts'
import { placeArguments, type Patient } from './patient.ts'

const PAGE = 1000
const COLUMNS =
  'sequence, id, user_id AS userId, at, actor_type AS actorType, actor_id AS actorId, action, target_type AS targetType,' +
  ' target_id AS targetId, ip, user_agent AS userAgent, request_id AS requestId, before, after, hash'
const ADVICE = 'someone with access to the database changed it: compare it with your exports, and with D1 Time Travel'

/** Numbers have no gaps, each hash holds the one before, and the last row is the last that was made. */
export async function checkAudit(patient: Patient): Promise<Finding> {
  const look = trailCheck()
  let last = 0
  for (;;) {
    const page = await readAfter(patient, last)
    if (page === undefined) return problem('audit trail', 'it could not be read', loginAdvice(patient))
    const wrong = look(page.rows)
    if (wrong !== undefined) return problem('audit trail', wrong, ADVICE)
    last = page.rows.at(-1)?.sequence ?? last
    if (page.rows.length === PAGE) continue
    if (page.made > last) return problem('audit trail', `row ${last + 1} of audit_events is missing`, ADVICE)
    return ok('audit trail', `${last} entries, none removed or changed`)
  }
}

interface TrailPage {
  readonly rows: readonly StoredAudit[]
  /** The number of the last row that was ever made. */
  readonly made: number
}

/** Undefined when the database did not answer. */
async function readAfter(patient: Patient, sequence: number): Promise<TrailPage | undefined> {
  const sql =
    `SELECT ${COLUMNS} FROM audit_events WHERE sequence > ${sequence} ORDER BY sequence LIMIT ${PAGE};` +
    " SELECT seq FROM sqlite_sequence WHERE name = 'audit_events'"
  const execute = ['d1', 'execute', 'DB', '--yes', '--json', ...placeArguments(patient), '--command', sql]
  const { code, stdout } = await runWrangler(execute)
  const answer = parseJson(stdout)
  if (code !== 0 || !Array.isArray(answer)) return undefined
  const [rows, [made] = []] = answer.map(resultsOf) as [StoredAudit[], { seq: number }[]?]
  return { rows, made: made?.seq ?? 0 }
}

function resultsOf(statement: unknown): unknown[] {
  return isRecord(statement) && Array.isArray(statement['results']) ? statement['results'] : []
}
