// Cron triggers on this machine: nobody else fires them here.

const OFTEN = '*/5 * * * *'
const EVERY_MS = 60_000

/** Fires what the deployed Worker gets every few minutes; gives what stops it. */
export function fireCron(url: string): () => void {
  const address = new URL('/cdn-cgi/local/scheduled', url)
  address.searchParams.set('cron', OFTEN)
  // What fails is in the Worker's own log.
  const fire = (): void =>
    void fetch(address).then(
      async (response) => await response.body?.cancel(),
      () => undefined,
    )
  const timer = setInterval(fire, EVERY_MS)
  return () => clearInterval(timer)
}
