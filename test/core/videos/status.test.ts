import { describe, expect, it } from 'vitest'
import { isStatusStep, statusesBefore, VIDEO_STATUSES } from '../../../src/core/videos/status.ts'

const STEPS = [
  'uploaded>queued',
  'queued>processing',
  'processing>completed',
  'processing>failed',
  'completed>queued',
  'failed>queued',
]

describe('isStatusStep', () => {
  for (const from of VIDEO_STATUSES) {
    for (const to of VIDEO_STATUSES) {
      const isStep = STEPS.includes(`${from}>${to}`)
      it(`${isStep ? 'allows' : 'refuses'} ${from} → ${to}`, () => {
        expect(isStatusStep(from, to)).toBe(isStep)
        expect(statusesBefore(to).includes(from)).toBe(isStep || from === to)
      })
    }
  }
})
