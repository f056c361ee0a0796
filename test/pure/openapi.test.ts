// The OpenAPI document as its readers' tools see it: whole, and with examples that satisfy their schemas.
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, it } from 'vitest'
import { contract } from '../../src/api/contract.ts'
import { describeApi } from '../../src/api/openapi.ts'
import type { Operation } from '../../src/api/operation.ts'

async function problemsOf(document: object): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      'no-invalid-schema-examples': 'error',
      'no-invalid-parameter-examples': 'error',
      // Redirects are all that playback's addresses answer, and what takes no input refuses nothing.
      'operation-2xx-response': 'off',
      'operation-4xx-response': 'off',
      'no-server-example.com': 'off',
    },
  })
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`)
}

const servers = [{ url: 'https://api.example.com' }]

describe('the OpenAPI document', () => {
  it('passes every recommended rule of Redocly, examples against their schemas included', async () => {
    expect(await problemsOf({ ...describeApi('1.0.0'), servers })).toEqual([])
  })

  it('would not pass with an example that its schema refuses', async () => {
    const text = JSON.stringify({ ...describeApi('1.0.0'), servers })
    const wrong = text.replace('{"value":{"detail":"Missing Authorization header"}}', '{"value":{"detail":7}}')
    expect(wrong).not.toBe(text)
    expect(await problemsOf(JSON.parse(wrong) as object)).toEqual([
      expect.stringContaining('no-invalid-media-type-examples'),
    ])
  })

  it('says of each tag what it is about, and has no tag that no operation is in', () => {
    const { tags } = describeApi('1.0.0') as { tags: { name: string; description: string }[] }
    const used = new Set(Object.values<Operation>(contract).map(({ tag }) => tag))
    expect(tags.map(({ name }) => name).sort()).toEqual([...used].sort())
  })
})
