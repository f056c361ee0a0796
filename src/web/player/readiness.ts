// Waits for a film that is still being prepared.

/** Less and less often: most films are ready soon, and a forgotten tab must not be a burden. */
const POLL_SECONDS = [2, 3, 5, 8, 15, 30]

/** Resolves when the address answers a HEAD request with success; keeps asking through network failures. */
export async function untilReady(address: () => string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const seconds = POLL_SECONDS[Math.min(attempt, POLL_SECONDS.length - 1)] ?? 30
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const response = await fetch(address(), { method: 'HEAD' }).catch(() => undefined)
    if (response?.ok) return
  }
}
