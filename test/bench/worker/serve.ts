// The Worker that is measured: `POST /<case>?times=n` with a playlist as its body rewrites it so many times.

export type Rewrite = (playlist: string) => Promise<number> | number

/** A handler for these cases; the answer is how many bytes the last rewrite gave. Any other path does nothing. */
export function serve(cases: Readonly<Record<string, Rewrite>>): ExportedHandler {
  let playlist = ''
  return {
    async fetch(request) {
      const url = new URL(request.url)
      const rewrite = cases[url.pathname.slice(1)]
      if (rewrite === undefined) {
        playlist = await request.text()
        return new Response(null, { status: 204 })
      }
      let bytes = 0
      for (let left = Number(url.searchParams.get('times') ?? 1); left > 0; left--) bytes = await rewrite(playlist)
      return new Response(String(bytes))
    },
  }
}
