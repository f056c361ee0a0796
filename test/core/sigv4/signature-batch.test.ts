// A batch must give exactly what the steps of sigv4 give, wherever a block boundary falls.
import { describe, expect, it } from 'vitest'
import { hex, utf8 } from '../../../src/core/bytes.ts'
import { hmacKey, sha256 } from '../../../src/core/sha256.ts'
import { signBatch } from '../../../src/core/sigv4/signature-batch.ts'
import { signature } from '../../../src/core/sigv4/steps.ts'

const KEY = hmacKey(utf8('a key of a day'))

interface Shape {
  head?: string
  paths: string[]
  tail?: string
  stringToSignHead?: string
}

function text(length: number): string {
  return 'abcdefghijklmnopqrstuvwxyz0123456789-'.repeat(9).slice(0, length)
}

function expectSteps({ head = 'head/', paths, tail = '?tail', stringToSignHead = 'to sign\n' }: Shape): void {
  const expected = paths.map((path) => signature(KEY, stringToSignHead + hex(sha256(utf8(head + path + tail)))))
  expect(signBatch({ head, paths, tail, stringToSignHead, key: KEY })).toEqual(expected)
}

describe('signBatch', () => {
  it('signs paths of every length from 0 to 300', () => {
    expectSteps({ paths: Array.from({ length: 301 }, (_, length) => text(length)) })
  })

  it('signs paths of falling length, so that no byte of a longer one stays behind', () => {
    expectSteps({ paths: Array.from({ length: 301 }, (_, length) => text(300 - length)) })
  })

  it('signs different paths of one length', () => {
    expectSteps({ paths: Array.from({ length: 100 }, (_, index) => `segment-${1000 + index}.ts`) })
  })

  it('signs with heads of every length across two blocks', () => {
    for (let length = 0; length <= 130; length++) {
      expectSteps({ head: text(length), paths: ['a', '', 'ab', 'b'] })
    }
  })

  it('signs with tails of every length across three blocks', () => {
    for (let length = 0; length <= 200; length++) {
      expectSteps({ tail: text(length), paths: ['a', text(60), 'b'] })
    }
  })

  it('signs with nothing but a head', () => {
    for (let length = 0; length <= 130; length++) {
      expectSteps({ head: text(length), paths: ['', ''], tail: '' })
    }
  })

  it('signs with strings to sign of every length across two blocks', () => {
    for (let length = 0; length <= 130; length++) {
      expectSteps({ stringToSignHead: text(length), paths: ['a', 'b', 'cc'] })
    }
  })

  it('gives nothing for nothing', () => {
    expectSteps({ paths: [] })
  })
})
