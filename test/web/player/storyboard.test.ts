import { describe, expect, it } from 'vitest'
import { findTile, parseStoryboard } from '../../../src/web/player/storyboard.ts'

const TEXT = [
  'WEBVTT',
  '',
  '00:00.000 --> 00:02.000',
  'https://s3.example/sprite.jpg?X-Amz-Signature=1#xywh=0,0,160,90',
  '',
  '00:02.000 --> 00:04.500',
  'https://s3.example/sprite.jpg?X-Amz-Signature=1#xywh=160,0,160,90',
  '',
].join('\n')

describe('parseStoryboard', () => {
  it('reads the image and the place of each tile', () => {
    expect(parseStoryboard(TEXT)[1]).toMatchObject({
      image: 'https://s3.example/sprite.jpg?X-Amz-Signature=1',
      x: 160,
      y: 0,
      width: 160,
      height: 90,
    })
  })

  it('reads CRLF lines alike, and nothing from what is no storyboard', () => {
    expect(parseStoryboard(TEXT.replaceAll('\n', '\r\n'))).toEqual(parseStoryboard(TEXT))
    expect(parseStoryboard('WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n')).toEqual([])
    expect(parseStoryboard('<html>')).toEqual([])
  })
})

describe('findTile', () => {
  const tiles = parseStoryboard(TEXT)

  it.each([
    [0, 0],
    [1.99, 0],
    [2, 160],
    [4.4, 160],
  ])('finds the tile of second %d', (seconds, x) => {
    expect(findTile(tiles, seconds)?.x).toBe(x)
  })

  it('finds none in an empty storyboard', () => {
    expect(findTile([], 1)).toBeUndefined()
  })
})
