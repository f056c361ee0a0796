// Starts a tool that ends when this process is gone: one that was killed cannot end its children itself, and ffmpeg
// would work on for hours into a folder that nothing reads.
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/**
 * The shell starts the tool, so that there is no moment without a guard, and beside it waits on a pipe from here. Nothing
 * is ever written to it: its end says that this process died or wants an end, for the system closes it in every case.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- & tool=$!
{ read -r _ <&3; kill -9 $tool; } >/dev/null 2>&1 & guard=$!
exec 3<&-
wait $tool; code=$?
kill $guard 2>/dev/null
exit $code`

/** What the shell answers with when there is no such tool. */
export const NOT_FOUND = 127

export interface GuardedTool {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Ends it at once. */
  readonly kill: () => void
}

/** In a folder, or in that of this process. */
export function startGuarded(tool: string, args: readonly string[], cwd?: string): GuardedTool {
  const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe']
  // Windows ends children with their parent by itself.
  if (process.platform === 'win32') {
    const child = spawn(tool, args, { stdio, cwd })
    return { child, kill: () => void child.kill() }
  }
  const child = spawn('/bin/sh', ['-c', GUARD, 'sh', tool, ...args], { stdio, cwd })
  child.stdin.once('error', () => undefined)
  return { child, kill: () => void child.stdin.destroy() }
}
