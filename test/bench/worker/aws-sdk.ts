// The official SDK's presigner.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { rewriteLines } from './lines.ts'
import { ACCESS_KEY_ID, BUCKET, ENDPOINT, EXPIRES_SECONDS, REGION, SECRET_ACCESS_KEY } from './place.ts'

const client = new S3Client({
  endpoint: ENDPOINT,
  region: REGION,
  forcePathStyle: true,
  credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY },
})

export async function rewrite(playlist: string): Promise<number> {
  return await rewriteLines(playlist, async (url) => {
    const Key = decodeURIComponent(url.slice(`${ENDPOINT}/${BUCKET}/`.length))
    return await getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key }), { expiresIn: EXPIRES_SECONDS })
  })
}
