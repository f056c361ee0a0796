// The usual library on Workers.
import { AwsClient } from 'aws4fetch'
import { rewriteLines } from './lines.ts'
import { ACCESS_KEY_ID, EXPIRES_SECONDS, REGION, SECRET_ACCESS_KEY } from './place.ts'

const client = new AwsClient({
  accessKeyId: ACCESS_KEY_ID,
  secretAccessKey: SECRET_ACCESS_KEY,
  service: 's3',
  region: REGION,
})

export async function rewrite(playlist: string): Promise<number> {
  return await rewriteLines(playlist, async (url) => {
    const request = await client.sign(`${url}?X-Amz-Expires=${EXPIRES_SECONDS}`, { aws: { signQuery: true } })
    return request.url
  })
}
