// The routes of Cloudflare's REST API that wrangler and the deployment call, over the account of the stand-in. What is
// not here does not exist: a test sees each call that met no route.
import { randomUUID } from 'node:crypto'
import {
  Refusal,
  runSql,
  secretsOf,
  StoredWorker,
  type CloudflareAccount,
  type StoredVersion,
  type UploadMetadata,
} from './account.ts'

export interface ApiRequest {
  readonly method: string
  readonly url: URL
  readonly contentType: string
  readonly body: Buffer
}

type Handler = (account: CloudflareAccount, match: readonly string[], request: ApiRequest) => unknown

export interface Page {
  readonly isPage: true
  readonly all: readonly unknown[]
}

/** A result that the server cuts into pages. */
function paged(all: readonly unknown[]): Page {
  return { isPage: true, all }
}

const A = '/accounts/([^/]+)'
const SCRIPT = `${A}/workers/scripts/([^/]+)`

/** `METHOD pattern`; the first group is the account, the others follow. */
const ROUTES: readonly (readonly [string, Handler])[] = [
  ['GET /accounts', (account) => paged([{ id: account.id, name: account.name }, ...account.otherAccounts])],
  ['GET /memberships', (account) => paged([{ id: 'm', account: { id: account.id, name: account.name } }])],
  ['GET /user', () => ({ id: 'u', email: 'operator@example.com' })],
  ['GET /user/tokens/verify', () => ({ id: 't', status: 'active' })],
  ['GET /zones', () => paged([{ id: 'zone', name: 'example.com' }])],
  ['GET /zones/zone/workers/routes', () => []],
  [`GET ${A}/workers/subdomain`, readSubdomain],

  [`GET ${A}/d1/database`, listDatabases],
  [`POST ${A}/d1/database`, makeDatabase],
  [`GET ${A}/d1/database/([^/]+)`, readDatabase],
  [`POST ${A}/d1/database/([^/]+)/query`, queryDatabase],
  [`GET ${A}/storage/kv/namespaces`, (account) => paged(account.namespaces)],
  [`POST ${A}/storage/kv/namespaces`, (account, _match, request) => account.makeNamespace(text(request, 'title'))],
  [`GET ${A}/r2/buckets/([^/]+)`, readBucket],
  [`POST ${A}/r2/buckets`, makeBucket],
  [`PUT ${A}/r2/buckets/([^/]+)/cors`, () => ({})],
  [`DELETE ${A}/r2/buckets/([^/]+)/objects/(.+)`, () => ({})],
  [`GET ${A}/queues`, listQueues],
  [`POST ${A}/queues`, (account, _match, request) => account.makeQueue(text(request, 'queue_name'))],
  [`GET ${A}/queues/([^/]+)/consumers`, (account, [, id]) => paged(queueOf(account, id).consumers)],
  [`POST ${A}/queues/([^/]+)/consumers`, addConsumer],
  [`PUT ${A}/queues/([^/]+)/consumers/([^/]+)`, changeConsumer],
  [`GET ${A}/workflows/([^/]+)`, readWorkflow],
  [`PUT ${A}/workflows/([^/]+)`, putWorkflow],

  [`GET ${A}/workers/services/([^/]+)`, readService],
  [`GET ${A}/workers/workers/([^/]+)`, readWorker],
  [`POST ${SCRIPT}/assets-upload-session`, startAssets],
  [`POST ${A}/workers/assets/upload`, () => ({ jwt: token() })],
  [`PUT ${SCRIPT}`, uploadAndDeploy],
  [`GET ${SCRIPT}/settings`, (account, [, name]) => versionSettings(workerOf(account, name))],
  [`GET ${SCRIPT}/script-settings`, (account, [, name]) => workerOf(account, name).settings],
  [`PATCH ${SCRIPT}/script-settings`, patchSettings],
  [`GET ${SCRIPT}/subdomain`, (account, [, name]) => workerOf(account, name).subdomain],
  [`POST ${SCRIPT}/subdomain`, setSubdomain],
  [`PUT ${SCRIPT}/schedules`, setSchedules],
  [`PUT ${SCRIPT}/domains/records`, (_account, _match, { body }) => JSON.parse(body.toString()) as unknown],
  [`POST ${SCRIPT}/domains/changeset`, changeDomains],
  [`GET ${SCRIPT}/versions`, listVersions],
  [`POST ${SCRIPT}/versions`, uploadVersion],
  [`GET ${SCRIPT}/versions/([^/]+)`, readVersion],
  [`GET ${SCRIPT}/deployments`, (account, [, name]) => ({ deployments: workerOf(account, name).deployments })],
  [`POST ${SCRIPT}/deployments`, deployVersions],
  [`GET ${SCRIPT}/secrets`, listSecrets],
  [`PATCH ${SCRIPT}/secrets-bulk`, changeSecrets],
]

const COMPILED = ROUTES.map(([route, handler]) => {
  const [method = '', pattern = ''] = route.split(' ')
  return { method, pattern: new RegExp(`^${pattern}$`), handler }
})

/** Undefined: there is no such route. */
export async function answerApi(
  account: CloudflareAccount,
  request: ApiRequest,
): Promise<{ result: unknown } | undefined> {
  for (const { method, pattern, handler } of COMPILED) {
    const match = method === request.method ? pattern.exec(request.url.pathname) : null
    if (match === null) continue
    const groups = match.slice(1).map(decodeURIComponent)
    if (request.url.pathname.startsWith('/accounts/') && groups[0] !== account.id) {
      throw new Refusal(403, 10_000, 'Authentication error')
    }
    return { result: await handler(account, groups, request) }
  }
  return undefined
}

function parsed(request: ApiRequest): Record<string, unknown> {
  return JSON.parse(request.body.toString()) as Record<string, unknown>
}

function text(request: ApiRequest, field: string): string {
  return String(parsed(request)[field])
}

function readSubdomain(account: CloudflareAccount): unknown {
  if (account.subdomain === undefined) throw new Refusal(404, 10_007, 'You do not have a workers.dev subdomain.')
  return { subdomain: account.subdomain }
}

function listDatabases(account: CloudflareAccount, _match: readonly string[], { url }: ApiRequest): Page {
  const part = url.searchParams.get('name') ?? ''
  return paged(account.databases.filter(({ name }) => name.includes(part)).map(({ uuid, name }) => ({ uuid, name })))
}

function makeDatabase(account: CloudflareAccount, _match: readonly string[], request: ApiRequest): unknown {
  const hint = parsed(request)['primary_location_hint']
  const { uuid, name } = account.makeDatabase(text(request, 'name'), typeof hint === 'string' ? hint : undefined)
  return { uuid, name }
}

function databaseOf(account: CloudflareAccount, key: string | undefined) {
  const database = account.databases.find(({ uuid, name }) => uuid === key || name === key)
  if (database === undefined) throw new Refusal(404, 7404, `The database ${key} could not be found`)
  return database
}

function readDatabase(account: CloudflareAccount, [, key]: readonly string[]): unknown {
  const { uuid, name } = databaseOf(account, key)
  return { uuid, name, version: 'production', running_in_region: 'WEUR', read_replication: { mode: 'disabled' } }
}

function queryDatabase(account: CloudflareAccount, [, key]: readonly string[], request: ApiRequest): unknown {
  const { sql, params } = parsed(request) as { sql: string; params?: string[] }
  const meta = {
    duration: 0,
    changes: 0,
    last_row_id: 0,
    rows_read: 0,
    rows_written: 0,
    changed_db: false,
    size_after: 0,
  }
  return runSql(databaseOf(account, key), sql, params).map((results) => ({ results, success: true, meta }))
}

function demandR2({ isR2On }: CloudflareAccount): void {
  if (!isR2On) throw new Refusal(403, 10_042, 'Please enable R2 through the Cloudflare Dashboard.')
}

function readBucket(account: CloudflareAccount, [, name]: readonly string[]): unknown {
  demandR2(account)
  const bucket = account.buckets.find((one) => one.name === name)
  if (bucket === undefined) throw new Refusal(404, 10_006, 'The specified bucket does not exist.')
  return { ...bucket, storage_class: 'Standard' }
}

function makeBucket(account: CloudflareAccount, _match: readonly string[], request: ApiRequest): unknown {
  demandR2(account)
  const hint = parsed(request)['locationHint']
  account.makeBucket(text(request, 'name'), typeof hint === 'string' ? hint : undefined)
  return {}
}

/** By every name that is asked for: wrangler asks for one or for all of a configuration. */
function listQueues(account: CloudflareAccount, _match: readonly string[], { url }: ApiRequest): Page {
  const names = url.searchParams.getAll('name')
  return paged(account.queues.filter(({ queue_name }) => names.length === 0 || names.includes(queue_name)))
}

function queueOf(account: CloudflareAccount, key: string | undefined) {
  const queue = account.queues.find(({ queue_id, queue_name }) => queue_id === key || queue_name === key)
  if (queue === undefined) throw new Refusal(404, 11_000, `Queue ${key} does not exist`)
  return queue
}

/** One consumer a queue, as Cloudflare has it: what is there already is changed by its id. */
function addConsumer(account: CloudflareAccount, [, key]: readonly string[], request: ApiRequest): unknown {
  const { consumers } = queueOf(account, key)
  if (consumers.length > 0) throw new Refusal(400, 11_004, 'Queue already has a consumer')
  const { script_name: script, ...settings } = parsed(request)
  const consumer = { ...settings, script, consumer_id: randomUUID() }
  consumers.push(consumer)
  return consumer
}

function changeConsumer(account: CloudflareAccount, [, key, id]: readonly string[], request: ApiRequest): unknown {
  const { consumers } = queueOf(account, key)
  const at = consumers.findIndex(({ consumer_id }) => consumer_id === id)
  if (at === -1) throw new Refusal(404, 11_001, `Consumer ${id} does not exist`)
  const { script_name: script, ...settings } = parsed(request)
  const consumer = { ...settings, script, consumer_id: id ?? '' }
  consumers[at] = consumer
  return consumer
}

function readWorkflow(account: CloudflareAccount, [, name = '']: readonly string[]): unknown {
  const workflow = account.workflows.get(name)
  if (workflow === undefined) throw new Refusal(404, 10_200, 'workflow.not_found')
  return { id: name, name, ...workflow }
}

function putWorkflow(account: CloudflareAccount, [, name = '']: readonly string[], request: ApiRequest): unknown {
  if (account.refuses.has('workflows')) throw new Refusal(403, 10_200, 'workflow.requires_paid_plan')
  account.workflows.set(name, parsed(request))
  return { id: name, name }
}

function workerOf(account: CloudflareAccount, name: string | undefined): StoredWorker {
  const worker = account.workers.get(name ?? '')
  if (worker === undefined) throw new Refusal(404, 10_007, 'This Worker does not exist on your account.')
  return worker
}

function readService(account: CloudflareAccount, [, name]: readonly string[]): unknown {
  const worker = account.workers.get(name ?? '')
  if (worker === undefined) throw new Refusal(404, 10_090, 'workers.api.error.service_not_found')
  const script = {
    tag: worker.tag,
    tags: [],
    last_deployed_from: 'wrangler',
    etag: 'e',
    handlers: ['fetch'],
    migration_tag: worker.migrationTag,
  }
  return { id: name, default_environment: { environment: 'production', script } }
}

function readWorker(account: CloudflareAccount, [, name]: readonly string[]): unknown {
  const { tag, subdomain } = workerOf(account, name)
  return { id: tag, name, subdomain: { ...subdomain, url: `https://${name}.${account.subdomain}.workers.dev` } }
}

/** A token that expires in an hour; nothing checks its signature. */
function token(): string {
  const payload = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600 })).toString('base64url')
  return `header.${payload}.signature`
}

/** Nothing is known, so everything is asked for. */
function startAssets(_account: CloudflareAccount, _match: readonly string[], request: ApiRequest): unknown {
  const { manifest } = parsed(request) as { manifest: Record<string, { hash: string }> }
  const hashes = [...new Set(Object.values(manifest).map(({ hash }) => hash))]
  return { jwt: token(), buckets: hashes.length === 0 ? [] : [hashes] }
}

async function uploadMetadata({ contentType, body }: ApiRequest): Promise<UploadMetadata> {
  const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData()
  const part = form.get('metadata')
  return JSON.parse(typeof part === 'string' ? part : ((await part?.text()) ?? '{}')) as UploadMetadata
}

async function uploadAndDeploy(account: CloudflareAccount, [, name = '']: readonly string[], request: ApiRequest) {
  const metadata = await uploadMetadata(request)
  const worker = account.workers.get(name) ?? new StoredWorker()
  const version = account.addVersion(worker, metadata)
  account.workers.set(name, worker)
  worker.migrationTag = metadata.migrations?.new_tag ?? worker.migrationTag
  worker.deploy([{ version_id: version.id, percentage: 100 }])
  worker.settings = { ...worker.settings, observability: metadata.observability }
  return { id: name, tag: worker.tag, deployment_id: version.id.replaceAll('-', ''), startup_time_ms: 1 }
}

function versionSettings({ newest }: StoredWorker): unknown {
  return { bindings: (newest?.bindings ?? []).map(withoutText), tags: [] }
}

/** A secret's value is in no answer. */
function withoutText({ text: _text, ...binding }: { text?: string }): object {
  return binding
}

function patchSettings(account: CloudflareAccount, [, name]: readonly string[], request: ApiRequest): unknown {
  const worker = workerOf(account, name)
  Object.assign(worker.settings, parsed(request))
  return worker.settings
}

function setSubdomain(account: CloudflareAccount, [, name]: readonly string[], request: ApiRequest): unknown {
  const { enabled, previews_enabled } = parsed(request) as { enabled: boolean; previews_enabled?: boolean }
  const worker = workerOf(account, name)
  worker.subdomain = { enabled, previews_enabled: previews_enabled ?? enabled }
  return worker.subdomain
}

function setSchedules(account: CloudflareAccount, [, name]: readonly string[], { body }: ApiRequest): unknown {
  if (account.refuses.has('crons')) throw new Refusal(400, 10_072, 'workers.api.error.too_many_crons')
  const schedules = JSON.parse(body.toString()) as { cron: string }[]
  workerOf(account, name).crons = schedules.map(({ cron }) => cron)
  return { schedules }
}

function changeDomains(_account: CloudflareAccount, _match: readonly string[], { body }: ApiRequest): unknown {
  const added = JSON.parse(body.toString()) as unknown[]
  return { added, removed: [], updated: [], conflicting: [] }
}

function versionView({ id, number, bindings, metadata }: StoredVersion): unknown {
  return {
    id,
    number,
    metadata: { created_on: new Date(0).toISOString(), source: 'wrangler' },
    annotations: metadata.annotations ?? {},
    resources: { script: { etag: `etag-${number}` }, script_runtime: {}, bindings: bindings.map(withoutText) },
    startup_time_ms: 1,
  }
}

function listVersions(account: CloudflareAccount, [, name]: readonly string[]): unknown {
  return { items: [...workerOf(account, name).versions].reverse().map(versionView) }
}

async function uploadVersion(account: CloudflareAccount, [, name]: readonly string[], request: ApiRequest) {
  const worker = workerOf(account, name)
  return versionView(account.addVersion(worker, await uploadMetadata(request)))
}

function readVersion(account: CloudflareAccount, [, name, id = '']: readonly string[]): unknown {
  const version = workerOf(account, name).versionOf(id)
  if (version === undefined) throw new Refusal(404, 10_404, 'version not found')
  return versionView(version)
}

/** Other secrets than those that are live have to be confirmed: 10220. */
function deployVersions(account: CloudflareAccount, [, name]: readonly string[], request: ApiRequest): unknown {
  const worker = workerOf(account, name)
  const { versions } = parsed(request) as { versions: { version_id: string; percentage: number }[] }
  const isForced = request.url.searchParams.get('force') === 'true'
  const secretsOfId = (id: string | undefined) => JSON.stringify(secretsOf(worker.versionOf(id ?? '')))
  const [only] = versions
  const isOlder = versions.length === 1 && only?.version_id !== worker.newest?.id
  if (isOlder && !isForced && secretsOfId(only?.version_id) !== secretsOfId(worker.live[0]?.id)) {
    throw new Refusal(400, 10_220, 'The secrets of this Worker have changed since this version was deployed')
  }
  return worker.deploy(versions)
}

function listSecrets(account: CloudflareAccount, [, name]: readonly string[]): unknown {
  return Object.keys(secretsOf(workerOf(account, name).newest)).map((secret) => ({ name: secret, type: 'secret_text' }))
}

/** One more version of the same code, live at once; only where the newest version is live. */
function changeSecrets(account: CloudflareAccount, [, name]: readonly string[], request: ApiRequest): unknown {
  const worker = workerOf(account, name)
  const { newest } = worker
  if (newest === undefined || !worker.live.includes(newest)) {
    throw new Refusal(400, 10_215, 'The latest version of your Worker is not currently deployed.')
  }
  const { secrets } = parsed(request) as { secrets: Record<string, { text: string } | null> }
  const rest = newest.bindings.filter((binding) => secrets[binding.name] === undefined)
  const set = Object.entries(secrets).flatMap(([secret, value]) =>
    value === null ? [] : [{ type: 'secret_text', name: secret, text: value.text }],
  )
  const annotations = { 'workers/triggered_by': 'secret' }
  const metadata = { ...newest.metadata, keep_bindings: [], bindings: [...rest, ...set], annotations }
  const version = account.addVersion(worker, metadata)
  worker.deploy([{ version_id: version.id, percentage: 100 }])
  return {}
}
