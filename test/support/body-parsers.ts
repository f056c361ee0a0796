// How engines read a message: four body parsers from npm, the runtime's own, and two of the test's that are as careless
// as any seen in the wild. Each gives its reading, or `refused`. Node only.
import { ServerResponse, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import bodyParser from 'body-parser'
import busboy from 'busboy'
import { formidable } from 'formidable'
import { isLosslessNumber, parse as parseLossless } from 'lossless-json'
import multer from 'multer'
import { bytesOf } from './hostile-bodies.ts'

export interface Message {
  readonly contentType: string
  readonly body: Uint8Array
}

export interface ReadPart {
  readonly name: string
  /** Decoded as UTF-8, malformed bytes replaced. */
  readonly value: string
}

export type FormParser = (message: Message) => Promise<readonly ReadPart[] | 'refused'>
export type JsonParser = (message: Message) => Promise<unknown>

export const FORM_PARSERS = {
  busboy: readWithBusboy,
  formidable: readWithFormidable,
  multer: readWithMulter,
  undici: readWithUndici,
  careless: async (message) => readCarelessly(message),
} satisfies Readonly<Record<string, FormParser>>

export const JSON_PARSERS = {
  'body-parser': readWithBodyParser,
  formidable: readJsonWithFormidable,
  'lossless-json': async ({ body }) => plain(parseLossless(textOf(body))),
} satisfies Readonly<Record<string, JsonParser>>

/** As much of a request as the parsers look at. */
function requestOf({ contentType, body }: Message): IncomingMessage {
  const headers = { 'content-type': contentType, 'content-length': String(body.length) }
  const request = Object.assign(Readable.from([Buffer.from(body)]), { headers, method: 'POST', url: '/' })
  return request as unknown as IncomingMessage
}

async function readWithBusboy({ contentType, body }: Message): Promise<readonly ReadPart[] | 'refused'> {
  const parts: ReadPart[] = []
  return await new Promise((resolve) => {
    try {
      const parser = busboy({ headers: { 'content-type': contentType }, defParamCharset: 'utf8' })
      parser.on('field', (name, value) => parts.push({ name, value }))
      parser.on('file', (name, stream) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => parts.push({ name, value: textOf(Buffer.concat(chunks)) }))
        stream.on('error', () => undefined)
      })
      parser.on('error', () => resolve('refused'))
      parser.on('close', () => resolve(parts))
      parser.end(body)
    } catch {
      resolve('refused')
    }
  })
}

async function readWithFormidable(message: Message): Promise<readonly ReadPart[] | 'refused'> {
  const parts: ReadPart[] = []
  const form = formidable({})
  form.onPart = (part) => {
    const chunks: Buffer[] = []
    part.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)))
    part.on('end', () => parts.push({ name: part.name ?? '', value: textOf(Buffer.concat(chunks)) }))
  }
  return await form.parse(requestOf(message)).then(
    () => parts,
    () => 'refused' as const,
  )
}

/** A middleware as Express calls it. */
type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

async function readWithMulter(message: Message): Promise<readonly ReadPart[] | 'refused'> {
  const request = requestOf(message) as IncomingMessage & {
    body?: Record<string, string>
    files?: { fieldname: string; buffer: Buffer }[]
  }
  const error = await new Promise<unknown>((resolve) => {
    const handle: unknown = multer({ storage: multer.memoryStorage() }).any()
    ;(handle as Handler)(request, new ServerResponse(request), resolve)
  })
  if (error !== undefined && error !== null) return 'refused'
  const fields = Object.entries(request.body ?? {}).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }))
  const files = (request.files ?? []).map(({ fieldname, buffer }) => ({ name: fieldname, value: textOf(buffer) }))
  return [...fields, ...files]
}

async function readWithUndici({ contentType, body }: Message): Promise<readonly ReadPart[] | 'refused'> {
  try {
    const form = await new Response(Buffer.from(body), { headers: { 'Content-Type': contentType } }).formData()
    const parts: ReadPart[] = []
    for (const [name, value] of form) {
      parts.push({ name, value: typeof value === 'string' ? value : textOf(new Uint8Array(await value.arrayBuffer())) })
    }
    return parts
  } catch {
    return 'refused'
  }
}

/** Cuts at the boundary wherever it stands, takes any line break for one and the last name that is somewhere. */
function readCarelessly({ contentType, body }: Message): readonly ReadPart[] {
  const boundary = /boundary="?([^";,]+)/i.exec(contentType)?.[1]?.trim() ?? ''
  const text = Array.from(body, (byte) => String.fromCharCode(byte)).join('')
  return text.split(`--${boundary}`).flatMap((piece, index) => {
    const [, head = '', content] = /^[ \t]*(?:\r\n|\n|\r)([^]*?)(?:\r\n\r\n|\n\n|\r\r)([^]*)$/.exec(piece) ?? []
    const name = [...head.matchAll(/(?<!file)name\*?=(?:utf-8'')?"?([^";\r\n]+)/gi)].at(-1)?.[1]
    if (index === 0 || name === undefined || content === undefined) return []
    return [{ name, value: textOf(bytesOf(content.replace(/(?:\r\n|\n|\r)$/, ''))) }]
  })
}

async function readWithBodyParser(message: Message): Promise<unknown> {
  const request = requestOf(message) as IncomingMessage & { body?: unknown }
  const error = await new Promise<unknown>((resolve) => {
    bodyParser.json({ limit: '10mb' })(request, new ServerResponse(request), resolve)
  })
  return error === undefined && request.body !== undefined ? request.body : 'refused'
}

async function readJsonWithFormidable(message: Message): Promise<unknown> {
  const form = formidable({})
  return await form.parse(requestOf(message)).then(
    ([fields]) => fields as unknown,
    () => 'refused',
  )
}

/** Numbers as they stand there become numbers, if they are that number. */
function plain(value: unknown): unknown {
  if (isLosslessNumber(value)) return value.valueOf() === Number(value.toString()) ? Number(value.toString()) : value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
