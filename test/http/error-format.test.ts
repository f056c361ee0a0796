import { describe, expect, it } from 'vitest'
import { Fault, FAULTS, type FaultCode } from '../../src/core/fault.ts'
import { clipzy, lynxvizion } from '../../src/http/error-format.ts'

const codes = Object.keys(FAULTS) as FaultCode[]

describe('lynxvizion', () => {
  it.each(codes)('writes %s as its detail and nothing else', (code) => {
    expect(lynxvizion(new Fault(code, 'what happened', { cause: new Error('SELECT secret') }))).toEqual({
      detail: 'what happened',
    })
  })
})

describe('clipzy', () => {
  it.each(codes.filter((code) => code !== 'unauthorized'))('writes %s as an envelope', (code) => {
    expect(clipzy(new Fault(code, 'what happened', { cause: new Error('SELECT secret') }))).toEqual({
      success: false,
      message: FAULTS[code].title,
      error: { detail: 'what happened', code: FAULTS[code].name },
    })
  })

  it('never says which credential was wrong', () => {
    expect(clipzy(new Fault('unauthorized', 'Token expired'))).toEqual({
      success: false,
      message: 'Unauthorized',
      error: { detail: 'Missing or invalid authentication credentials.', code: 'UNAUTHORIZED' },
    })
  })
})
