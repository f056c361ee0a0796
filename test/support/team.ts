// An organisation of a test's own at a Clerk of its own: sessions in it, and what Clerk sends about it.
import { Webhook } from 'standardwebhooks'
import { call, newClerkUserId, readColumn } from './callers.ts'
import { startClerk, type Json } from './clerk.ts'
import { EDGE_VARIABLES } from './media.ts'
import { startService, type Service } from './service.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

export type Answer = readonly [number, unknown]

export interface Person {
  readonly clerkUserId: string
  /** Status and JSON of a request with a session in the organisation, or with another credential. */
  answer(method: string, path: string, body?: unknown): Promise<Answer>
}

export interface Team {
  readonly service: Service
  readonly issuer: string
  readonly organizationId: string
  /** The workspace's id here; undefined until someone came. */
  id(): Promise<string>
  person(role: string, clerkUserId?: string): Person
  /** `Bearer …`: a session of a minute in the organisation, or, without a role, in the personal workspace. */
  session(clerkUserId: string, role: string | undefined, claims?: Json): Promise<string>
  /** Another isolate of the service. */
  isolate(): Service
  /** What Clerk sends, to one isolate; `at`: of the event, epoch milliseconds. */
  tell(event: Json, to?: Service): Promise<number>
  membership(type: 'created' | 'updated' | 'deleted', clerkUserId: string, role: string, atMs: number): Promise<number>
}

export async function startTeam(variables: Readonly<Record<string, string>> = {}): Promise<Team> {
  const clerk = await startClerk()
  const settings = { ...EDGE_VARIABLES, CLERK_ISSUER: clerk.issuer, CLERK_WEBHOOK_SECRET: SECRET, ...variables }
  const isolate = () => startService(settings)
  const service = isolate()
  const organizationId = `org_${crypto.randomUUID().replaceAll('-', '')}`

  const team: Team = {
    service,
    issuer: clerk.issuer,
    organizationId,
    isolate,
    id: async () => String(await readColumn('SELECT id FROM users WHERE clerk_user_id = ?', organizationId)),
    async session(sub, role, claims = {}) {
      const o = role === undefined ? undefined : { id: organizationId, rol: role, slg: 'a-team' }
      return `Bearer ${await clerk.token(service.clock.nowMs, { sub, o, ...claims })}`
    },
    person(role, clerkUserId = newClerkUserId()) {
      return {
        clerkUserId,
        async answer(method, path, body) {
          return await answerOf(service, await team.session(clerkUserId, role), method, path, body)
        },
      }
    },
    async tell(event, to = service) {
      const [id, at, body] = [`msg_${crypto.randomUUID()}`, new Date(), JSON.stringify(event)]
      const headers = {
        'Content-Type': 'application/json',
        'svix-id': id,
        'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
        'svix-signature': new Webhook(SECRET).sign(id, at, body),
      }
      return (await to.request('/api/webhooks/clerk', { method: 'POST', body, headers })).status
    },
    membership: async (type, clerkUserId, role, atMs) =>
      await team.tell({
        type: `organizationMembership.${type}`,
        timestamp: atMs,
        data: { role: `org:${role}`, organization: { id: organizationId }, public_user_data: { user_id: clerkUserId } },
      }),
  }
  return team
}

export async function answerOf(
  service: Service,
  credential: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await call(service, credential, method, path, body)
  return [response.status, await response.json()]
}
