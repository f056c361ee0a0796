// The document's title follows the room.
import { useEffect } from 'preact/hooks'

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · lynxgate`
  }, [title])
}
