// What a user without special rights meets: tests often run as one whom no permission stops.

/** Runs it as nobody where this process is root, and as it is elsewhere. */
export async function withoutRights<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await act()
  process.setegid?.(65534)
  process.seteuid?.(65534)
  try {
    return await act()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}
