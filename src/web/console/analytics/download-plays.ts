// The newest thousand plays as a file.
import { currentSession } from '../session.ts'

/** Rejects when the service refuses. */
export async function downloadPlays(): Promise<void> {
  const { key, getToken } = currentSession()
  const authorization = key ?? `Bearer ${(await getToken?.()) ?? ''}`
  const response = await fetch('/api/analytics/plays?format=csv', { headers: { Authorization: authorization } })
  if (!response.ok) throw new Error(`${response.status}`)
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = 'plays.csv'
  link.click()
  URL.revokeObjectURL(address)
}
