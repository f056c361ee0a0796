// Uploads an MP4 film and shares it, if one is named; then lists all videos of the key's owner.
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { createClient, LynxgateError } from 'lynxgate/client'

const { LYNXGATE_URL = 'http://localhost:8787', LYNXGATE_KEY = '' } = process.env
const client = createClient({ baseUrl: LYNXGATE_URL, key: LYNXGATE_KEY })

/** @param {string} file */
async function share(file) {
  const fileName = basename(file)
  const { file_path } = await client.upload({ fileName, body: await openAsBlob(file), contentType: 'video/mp4' })
  const { job_id } = await client.registerUpload({ file_path, file_name: fileName })
  const { share_hash } = await client.createSharedReport({ video_id: job_id })
  return new URL(`/r/${share_hash}`, LYNXGATE_URL).href
}

try {
  const [file] = process.argv.slice(2)
  if (file !== undefined) console.log(`Shared: ${await share(file)}`)
  for await (const { name, status, created_at } of client.eachVideo()) console.log(`${created_at}  ${status}  ${name}`)
} catch (error) {
  if (!(error instanceof LynxgateError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
