// Waiting for what another request does. No promise of another request is awaited: on Workers that hangs when the other
// one is gone.

const LIMIT_MS = 5000
const PAUSE_MS = 25

/** Until the test is false, for five seconds at most. */
export async function waitWhile(
  pause: (milliseconds: number) => Promise<void>,
  test: () => boolean,
  limitMs: number = LIMIT_MS,
): Promise<void> {
  for (let waitedMs = 0; test() && waitedMs < limitMs; waitedMs += PAUSE_MS) await pause(PAUSE_MS)
}
