// The contract → /llms.txt: what a language model needs to call this API, in Markdown (llmstxt.org). Pure.
import { contract } from './contract.ts'
import type { Operation } from './operation.ts'

/** `origin`: of the links, `https://host[:port]`. */
export function describeForModels(origin: string): string {
  const byTag = Map.groupBy(Object.entries<Operation>(contract), ([, operation]) => operation.tag)
  const sections = [...byTag].map(([tag, operations]) => `## ${tag}\n\n${operations.map(lineOf).join('\n')}\n`)
  return `# lynxgate

> The edge gate for video APIs: API keys and sessions in front, private films in every player behind.

Base URL: ${origin}. Send \`Authorization: lvz_live_<64 hex>\` (an API key) or \`Authorization: Bearer <session token>\`.
Bodies are JSON. Errors are \`{"detail":"…"}\`; below \`/api/v1\` they are
\`{"success":false,"message":"…","error":{"detail":"…","code":"…"}}\`. A field or query parameter that an operation does
not know is a 422. On 429 and 503 wait for \`Retry-After\` seconds. Timestamps are ISO 8601 in UTC, ids are UUIDs.

To upload a film: \`createUploadUrl\`, PUT the bytes to \`upload_url\` with the same Content-Type, then \`registerUpload\`
with the \`file_path\`. To share it: \`createSharedReport\`; its page is \`${origin}/r/{share_hash}\`.

- [OpenAPI 3.1](${origin}/api/openapi.json): every operation with its schemas and refusals
- [Reference](${origin}/docs): the same for people, to try with a key

${sections.join('\n')}`
}

function lineOf([id, { route, summary, access }]: readonly [string, Operation]): string {
  const needs = access === 'public' ? 'public' : access === 'caller' ? 'any credential' : `scope ${access}`
  return `- \`${route}\` (${id}; ${needs}): ${summary}`
}
