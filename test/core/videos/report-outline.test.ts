import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outlineReport, type Block } from '../../../src/core/videos/report-outline.ts'

describe('outlineReport', () => {
  it('shows short members as properties and shapes as sections of their own', () => {
    expect(outlineReport({ score: 0.91234, is_safe: true, summary: 'x'.repeat(121), model: { name: 'a' } })).toEqual([
      {
        kind: 'properties',
        properties: [
          { name: 'Score', value: { kind: 'text', text: '0.912' } },
          { name: 'Is safe', value: { kind: 'text', text: 'yes' } },
        ],
      },
      { kind: 'section', title: 'Summary', blocks: [{ kind: 'paragraph', text: 'x'.repeat(121) }] },
      {
        kind: 'section',
        title: 'Model',
        blocks: [{ kind: 'properties', properties: [{ name: 'Name', value: { kind: 'text', text: 'a' } }] }],
      },
    ])
  })

  it('shows an array of alike objects as a table, with the columns of all rows', () => {
    expect(
      outlineReport([
        { start: 1.5, label: 'dog' },
        { start: 61, tags: ['a', 'b'] },
      ]),
    ).toEqual([
      {
        kind: 'table',
        columns: ['Start', 'Label', 'Tags'],
        rows: [
          [
            { kind: 'time', seconds: 1.5 },
            { kind: 'text', text: 'dog' },
            { kind: 'text', text: '' },
          ],
          [
            { kind: 'time', seconds: 61 },
            { kind: 'text', text: '' },
            { kind: 'text', text: 'a, b' },
          ],
        ],
        omitted: 0,
      },
    ])
  })

  it('shows an array of words as a list', () => {
    expect(outlineReport({ keywords: ['a', 'b'] })).toEqual([
      {
        kind: 'section',
        title: 'Keywords',
        blocks: [
          {
            kind: 'list',
            items: [
              { kind: 'text', text: 'a' },
              { kind: 'text', text: 'b' },
            ],
            omitted: 0,
          },
        ],
      },
    ])
  })

  it.each([
    ['start_time', 12, 12],
    ['timestamp', 0, 0],
    ['endSeconds', 3.25, 3.25],
    ['at', '1:02', 62],
    ['chapter', '01:02:03.5', 3723.5],
  ])('takes %s %j for the moment %d', (name, value, seconds) => {
    expect(outlineReport({ [name]: value })).toEqual([
      { kind: 'properties', properties: [expect.objectContaining({ value: { kind: 'time', seconds } })] },
    ])
  })

  it.each([
    ['duration_seconds', 12],
    ['processing_time', 12],
    ['score', 12],
    ['start_time', -1],
    ['start_time', 1e12],
    ['ratio', '16:99'],
    ['duration', '1:02'],
  ])('does not take %s %j for a moment', (name, value) => {
    expect(outlineReport({ [name]: value })).toEqual([
      { kind: 'properties', properties: [expect.objectContaining({ value: { kind: 'text', text: String(value) } })] },
    ])
  })

  it.each([null, undefined, '', [], {}, [[]], { a: {} }])('has nothing to show of %j', (document) => {
    expect(outlineReport(document)).toEqual([])
  })

  it('says how many rows it left out', () => {
    const [table] = outlineReport(Array.from({ length: 700 }, (_, index) => ({ index })))
    expect(table).toMatchObject({ kind: 'table', omitted: 200 })
  })

  it('stays bounded however deep or wide the document is', () => {
    let deep: unknown = 'end'
    for (let level = 0; level < 5000; level += 1) deep = { deep }
    expect(countBlocks(outlineReport(deep))).toBeLessThan(10)
    const wide = Array.from({ length: 300 }, () => ({ a: Array.from({ length: 300 }, () => [1, 2, 3]) }))
    expect(countBlocks(outlineReport(wide))).toBeLessThan(20_000)
  })

  it('never throws on any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (document) => void outlineReport(document)))
  })
})

function countBlocks(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + 1 + (block.kind === 'section' ? countBlocks(block.blocks) : 0), 0)
}
