// Splicing: edits land where they say, and nothing else moves.
import { describe, expect, it } from 'vitest'
import { splice, splicedLength } from '../../../src/core/hls/splice.ts'

describe('splice', () => {
  const edits = [
    { start: 0, end: 0, text: '>' },
    { start: 1, end: 3, text: 'XYZ' },
    { start: 3, end: 4, text: '' },
    { start: 6, end: 6, text: '<' },
  ]

  it('inserts, replaces and removes', () => {
    expect(splice('abcdef', edits)).toBe('>aXYZef<')
  })

  it('knows the length of the result beforehand', () => {
    expect(splicedLength('abcdef', edits)).toBe('>aXYZef<'.length)
  })

  it('gives the text back without edits', () => {
    expect(splice('abc', [])).toBe('abc')
  })
})
