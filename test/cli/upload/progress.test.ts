// What a person sees while waiting.
import { describe, expect, it } from 'vitest'
import {
  bar,
  createMeter,
  encodingLine,
  formatBytes,
  formatTime,
  sendingLine,
} from '../../../src/cli/upload/progress.ts'
import { createScreen } from '../../../src/cli/upload/terminal.ts'

describe('the words of progress', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [4_294_967_296, '4.3 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
  it.each([
    [0, '0:00'],
    [6.2, '0:07'],
    [59.5, '1:00'],
    [750, '12:30'],
    [3723, '1:02:03'],
    [undefined, '-:--'],
    [Infinity, '-:--'],
  ])('%s seconds are %s', (seconds, text) => expect(formatTime(seconds)).toBe(text))
  it('draws no bar longer than its place', () => {
    expect([bar(-1, 4), bar(0.5, 4), bar(0.99, 4), bar(2, 4)]).toEqual(['[----]', '[##--]', '[###-]', '[####]'])
  })
  it('tells bytes, rate and time left of sending', () => {
    expect(sendingLine(5e6, 20e6, 1.5e6)).toBe(
      'Sending [######------------------]  25 %  5.0 MB of 20 MB  1.5 MB/s  0:10 left',
    )
    expect(sendingLine(0, 0, undefined)).toContain('100 %')
  })
  it('tells the time left of making', () => {
    expect(encodingLine('720p', 0.5, 0.01)).toBe('Making [############------------]  50 %  0:50 left  720p')
    expect(encodingLine('720p', 0, undefined)).toContain('-:-- left')
  })
})

describe('createMeter', () => {
  it('forgets what was long ago', () => {
    const meter = createMeter()
    meter.add(0, 0)
    expect(meter.rate()).toBeUndefined()
    meter.add(1000, 1000)
    expect(meter.rate()).toBe(1000)
    meter.add(1100, 20_000)
    meter.add(1200, 30_000)
    expect(meter.rate()).toBe(10)
  })
})

describe('createScreen', () => {
  const written = (isTTY: boolean): { texts: string[]; screen: ReturnType<typeof createScreen> } => {
    const texts: string[] = []
    let now = 0
    const output = { isTTY, columns: 60, write: (text: string) => texts.push(text) }
    return { texts, screen: createScreen(output, () => (now += 1000)) }
  }

  it('moves one line on a terminal and never wraps it', () => {
    const { texts, screen } = written(true)
    screen.sending(1, 4)
    screen.sending(4, 4)
    screen.say('Done.')
    expect(texts.slice(0, 2).every((text) => text.startsWith('\r\u001b[K') && text.length <= 59 + 4)).toBe(true)
    expect(texts.slice(2)).toEqual(['\n', 'Done.\n'])
  })

  it('writes a few plain lines elsewhere', () => {
    const { texts, screen } = written(false)
    for (const part of [0, 0.2, 0.4]) screen.encoding('720p', part)
    screen.encoding('480p', 0.5)
    for (let sent = 0; sent <= 100; sent++) screen.sending(sent, 100)
    expect(texts).toEqual([
      'Making 0 %: 720p\n',
      'Making 50 %: 480p\n',
      'Sent 25 B of 100 B\n',
      'Sent 50 B of 100 B\n',
      'Sent 75 B of 100 B\n',
      'Sent 100 B of 100 B\n',
    ])
  })
})
