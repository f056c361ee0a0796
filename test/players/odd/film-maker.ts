// Makes odd films: small, and with a flash and a beep at one moment, so that it shows whether sound stays with picture.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

export const SECONDS = 2
export const FLASH_SECONDS = 1

/** Black with something that moves, and white for a fifth of a second. */
export function flash({ size = '160x90', rate = '25', seconds = SECONDS, at = FLASH_SECONDS } = {}): string[] {
  const box = `drawbox=c=white:t=fill:enable='between(t,${at - 0.0005},${at + 0.2})'`
  const mover = `drawbox=x='mod(t*60,iw/2)':y=ih/2:w=iw/8:h=ih/8:c=gray:t=fill`
  return ['-f', 'lavfi', '-i', `color=c=black:s=${size}:r=${rate}:d=${seconds},${mover},${box},format=yuv420p`]
}

/** Silent, and a loud tone for a fifth of a second. */
export function beep({ rate = 48_000, seconds = SECONDS, at = FLASH_SECONDS, channels = 1 } = {}): string[] {
  const tone = `if(between(t,${at},${at + 0.2}),0.8*sin(2*PI*1000*t),0)`
  const all = Array.from({ length: channels }, () => tone).join('|')
  return ['-f', 'lavfi', '-i', `aevalsrc=exprs='${all}':s=${rate}:d=${seconds}`]
}

export const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
export const AAC = ['-c:a', 'aac', '-b:a', '96k']

export function ffmpeg(file: string, ...args: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, file], { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Changes bytes of a file: each `from`, counted from 0, from `first` on and before `end`. */
export function patch(
  file: string,
  from: Uint8Array | string,
  to: Uint8Array | string,
  first = 0,
  end = Infinity,
): void {
  const bytes = readFileSync(file)
  const [wanted, given] = [Buffer.from(from), Buffer.from(to)]
  let at = bytes.indexOf(wanted)
  for (let found = 0; at >= 0; found++) {
    if (found >= first && found < end) given.copy(bytes, at)
    at = bytes.indexOf(wanted, at + wanted.length)
  }
  writeFileSync(file, bytes)
}

/** Keeps the first part of a file. */
export function cutOff(file: string, share: number): void {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length * share)))
}
