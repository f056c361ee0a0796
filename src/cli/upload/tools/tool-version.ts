// Whether this ffmpeg is new enough, asked before anything is done with it.
import { UploadProblem } from '../problem.ts'
import { askFfmpeg } from './tool.ts'

/** The first with every option that the command gives it; of April 2021. */
const LEAST: readonly [major: number, minor: number] = [4, 4]

export async function checkFfmpeg(signal?: AbortSignal): Promise<void> {
  const found = readVersion((await askFfmpeg('-version', signal))[0] ?? '')
  if (found !== undefined && isBefore(found, LEAST)) {
    throw new UploadProblem(`This ffmpeg is version ${found.join('.')}: ${LEAST.join('.')} or newer is needed.`)
  }
}

/** Pure. Undefined of a build from a state between versions, which says a date or a count instead. */
export function readVersion(text: string): readonly [major: number, minor: number] | undefined {
  const [, major, minor] = /^ffmpeg version n?(\d{1,3})\.(\d+)/.exec(text) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor)]
}

function isBefore([major, minor]: readonly [number, number], [least, leastMinor]: readonly [number, number]): boolean {
  return major < least || (major === least && minor < leastMinor)
}
