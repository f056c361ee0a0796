// The Worker's log in the terminal.
import { describe, expect, it } from 'vitest'
import { readableLine } from '../../../src/cli/start/log-line.ts'

const REQUEST = { level: 'info', message: 'request', method: 'GET', route: '/api/keys/{key_id}', status: 200, ms: 3 }

describe('readableLine', () => {
  it('F17: shows a request as method, route, status and milliseconds', () => {
    expect(readableLine(JSON.stringify(REQUEST), true)).toBe('GET /api/keys/{key_id} 200 3 ms')
  })

  it('F17: says why a request failed, where no route was met, and how many lines were left out before it', () => {
    const { route: _, ...noRoute } = REQUEST
    const failed = { ...noRoute, status: 404, fault: 'not_found', from_memory: 2 }
    expect(readableLine(JSON.stringify(failed), true)).toBe('GET (no route) 404 3 ms not_found (and 2 out of memory)')
  })

  it('shows without --log what went wrong in the service, and no request else', () => {
    expect(readableLine(JSON.stringify(REQUEST), false)).toBeUndefined()
    const failed = { ...REQUEST, level: 'error', status: 500, fault: 'internal', cause: 'TypeError' }
    expect(readableLine(JSON.stringify(failed), false)).toBe('GET /api/keys/{key_id} 500 3 ms internal TypeError')
    const misconfigured = JSON.stringify({ level: 'error', message: 'misconfigured', problems: [] })
    expect(readableLine(misconfigured, false)).toBe(misconfigured)
  })

  it('F17: leaves what else the runtime prints to --log: it is no fault of the service', () => {
    expect(readableLine('▲ something is experimental', false)).toBeUndefined()
    expect(readableLine('▲ something is experimental', true)).toBe('▲ something is experimental')
  })
})
