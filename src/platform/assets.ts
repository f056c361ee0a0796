// Files of public/, read through the binding: for those that the Worker wants to have a say in.

/** The file at a path such as `/console/assets/console.js`, under the conditions of the request; undefined: no file. */
export type ReadAsset = (path: string, request: Request) => Promise<Response | undefined>

export function assetReader(assets: Fetcher): ReadAsset {
  return async (path, { method, headers }) => {
    const condition = headers.get('If-None-Match')
    const response = await assets.fetch(`https://assets.invalid${path}`, {
      method,
      headers: condition === null ? {} : { 'If-None-Match': condition },
    })
    return response.status === 200 || response.status === 304 ? response : undefined
  }
}
