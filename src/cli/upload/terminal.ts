// Shows progress on stderr, so that stdout holds the result alone: one moving line on a terminal, a few plain ones
// elsewhere.
import { createMeter, encodingLine, formatBytes, percent, sendingLine } from './progress.ts'

export interface Screen {
  /** A line that stays. */
  say(line: string): void
  encoding(label: string, part: number): void
  sending(sent: number, all: number): void
  /** Ends the moving line. */
  rest(): void
}

export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const REDRAW_MS = 100

export function createScreen(output: Output, nowMs: () => number): Screen {
  return output.isTTY === true ? movingScreen(output, nowMs) : plainScreen(output)
}

function movingScreen(output: Output, nowMs: () => number): Screen {
  let encoded = createMeter()
  let sentBytes = createMeter()
  let drawnAtMs = 0
  let isDrawn = false
  const draw = (line: string, isLast: boolean): void => {
    if (!isLast && nowMs() - drawnAtMs < REDRAW_MS) return
    drawnAtMs = nowMs()
    isDrawn = true
    output.write(`\r\u001b[K${line.slice(0, (output.columns ?? 80) - 1)}`)
  }
  const rest = (): void => {
    if (isDrawn) output.write('\n')
    isDrawn = false
    encoded = createMeter()
    sentBytes = createMeter()
  }
  return {
    say(line) {
      rest()
      output.write(`${line}\n`)
    },
    encoding(label, part) {
      encoded.add(part, nowMs())
      draw(encodingLine(label, part, encoded.rate()), part >= 1)
    },
    sending(sent, all) {
      sentBytes.add(sent, nowMs())
      draw(sendingLine(sent, all, sentBytes.rate()), sent >= all)
    },
    rest,
  }
}

/** One line for each thing that is made, and one for each quarter that is sent. */
function plainScreen(output: Output): Screen {
  let label = ''
  let quarter = 0
  return {
    say: (line) => void output.write(`${line}\n`),
    encoding(current, part) {
      if (current === label) return
      label = current
      output.write(`Making ${percent(part).trim()}: ${current}\n`)
    },
    sending(sent, all) {
      const reached = all === 0 ? 4 : Math.floor((sent / all) * 4)
      if (reached <= quarter) return
      quarter = reached
      output.write(`Sent ${formatBytes(sent)} of ${formatBytes(all)}\n`)
    },
    rest: () => undefined,
  }
}
