// What Cloudflare says of a request's client: address, country, network. Never what the client says of itself, but for
// a person trying it on their own machine.
import type { ClientInfo } from '../core/playback/policy.ts'

export type ReadClientInfo = (request: Request) => ClientInfo

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/

/** `believesHeaders`: of requests from loopback, `X-Lynxgate-Country` and `X-Lynxgate-Asn` count (LOCAL_CLIENT_FACTS). */
export function readClientInfo(believesHeaders: boolean): ReadClientInfo {
  return (request) => {
    const address = request.headers.get('CF-Connecting-IP') ?? undefined
    const { country, asn } = readCf(request)
    if (!believesHeaders || address === undefined || !LOOPBACK.test(address)) return { address, country, asn }
    const saidAsn = Number(request.headers.get('X-Lynxgate-Asn') ?? Number.NaN)
    return {
      address,
      country: request.headers.get('X-Lynxgate-Country') ?? country,
      asn: Number.isInteger(saidAsn) ? saidAsn : asn,
    }
  }
}

function readCf({ cf }: Request): Pick<ClientInfo, 'country' | 'asn'> {
  const country: unknown = cf?.['country']
  const asn: unknown = cf?.['asn']
  return {
    country: typeof country === 'string' ? country : undefined,
    asn: typeof asn === 'number' ? asn : undefined,
  }
}
