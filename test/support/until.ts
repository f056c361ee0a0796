// Waiting for what happens in another process: as long as a busy machine may take, and not a moment longer than it does.
import { vi } from 'vitest'

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(isSo, { timeout: 60_000, interval: 10 })
}
