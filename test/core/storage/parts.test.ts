import { describe, expect, it } from 'vitest'
import { readListedParts } from '../../../src/core/storage/listed-parts.ts'
import { bareEtag, bytesOfPart, findPartProblem, maxObjectBytes, planParts } from '../../../src/core/storage/parts.ts'

const MIB = 1024 ** 2
const S3 = 5 * 1024 ** 3
const EDGE = 95_000_000

describe('planParts', () => {
  it.each([
    [1, S3, 64 * MIB, 1],
    [64 * MIB, S3, 64 * MIB, 1],
    [64 * MIB + 1, S3, 64 * MIB, 2],
    [64 * MIB * 10_000, S3, 64 * MIB, 10_000],
    [64 * MIB * 10_000 + 1, S3, 65 * MIB, 9847],
    [5_000_000_000_000, S3, 477 * MIB, 9997],
    [950_000_000_000, EDGE, EDGE, 10_000],
    [900_000_000_000, EDGE, 86 * MIB, 9981],
  ])('of %d bytes with parts of at most %d', (bytes, most, partBytes, partCount) => {
    const plan = planParts(bytes, most)
    expect(plan).toEqual({ partBytes, partCount })
    const last = bytesOfPart({ partBytes, partCount }, bytes, partCount)
    expect(last).toBeGreaterThan(0)
    expect(last).toBeLessThanOrEqual(partBytes)
    expect(partBytes * (partCount - 1) + last).toBe(bytes)
  })

  it.each([
    [5_000_000_000_001, S3],
    [950_000_000_001, EDGE],
  ])('has none for %d bytes with parts of at most %d', (bytes, most) => {
    expect(planParts(bytes, most)).toBeUndefined()
    expect(maxObjectBytes(most)).toBe(bytes - 1)
  })
})

describe('findPartProblem', () => {
  it.each([
    [[1, 2, 3], undefined],
    [[], 'part 1 is missing'],
    [[1, 2], 'part 3 is missing'],
    [[1, 3], 'part 2 is missing'],
    [[2, 3], 'part 1 is missing'],
    [[1, 2, 2], 'part 2 is given twice'],
    [[1, 1, 2, 3], 'part 1 is given twice'],
    [[1, 3, 2], 'part 3 is out of order'],
    [[3, 2, 1], 'part 3 is out of order'],
    [[1, 2, 3, 4], 'part 4 is beyond the last one, 3'],
  ] as const)('of %j out of three is %s', (numbers, problem) => expect(findPartProblem(numbers, 3)).toBe(problem))
})

describe('bareEtag', () => {
  it.each([
    ['"abc-2"', 'abc-2'],
    ['abc', 'abc'],
    ['"', '"'],
  ])('of %s is %s', (etag, bare) => expect(bareEtag(etag)).toBe(bare))
})

describe('readListedParts', () => {
  const page = (rest: string) =>
    `<?xml version="1.0"?>\n<ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><UploadId>u</UploadId>${rest}</ListPartsResult>`

  it('reads numbers, sizes and etags, and where the next page begins', () => {
    const parts =
      '<Part><PartNumber>1</PartNumber><ETag>&quot;aa&quot;</ETag><Size>5242880</Size></Part>' +
      '<Part>\n<Size>7</Size><ETag>"b&amp;b"</ETag><PartNumber>2</PartNumber></Part>'
    const expected = [
      { number: 1, etag: 'aa', sizeBytes: 5_242_880 },
      { number: 2, etag: 'b&b', sizeBytes: 7 },
    ]
    expect(readListedParts(page(`<IsTruncated>false</IsTruncated>${parts}`))).toEqual({
      parts: expected,
      next: undefined,
    })
    expect(
      readListedParts(page(`<NextPartNumberMarker>2</NextPartNumberMarker><IsTruncated>true</IsTruncated>${parts}`)),
    ).toEqual({ parts: expected, next: 2 })
  })

  it.each([
    '',
    '<Error><Code>NotImplemented</Code></Error>',
    page('<Part><PartNumber>x</PartNumber><ETag>a</ETag><Size>1</Size></Part>'),
  ])('is not %s', (xml) => expect(readListedParts(xml)).toBeUndefined())
})
