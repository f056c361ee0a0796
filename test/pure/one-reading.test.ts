// Whatever the gate lets through to the engine has one reading: body parsers that engines use, and the gate, find the same
// parts and values in it. Thousands of bent messages, from a seed; ONE_READING_SEED and ONE_READING_COUNT ask for others.
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.ts'
import { formType, isJsonType, JSON_TYPE, readFormType } from '../../src/core/engine/body-type.ts'
import { readForm } from '../../src/core/engine/form-field.ts'
import { readJobRequest, writeJobRequest } from '../../src/core/engine/job-request.ts'
import { FORM_PARSERS, JSON_PARSERS, type FormParser, type Message, type ReadPart } from '../support/body-parsers.ts'
import { bytesOf, hostileForms, hostileJson, type HostileMessage } from '../support/hostile-bodies.ts'

const COUNT = Number(process.env['ONE_READING_COUNT'] ?? 6000)
const SEED = Number(process.env['ONE_READING_SEED'] ?? 1)
const LIMIT = { timeout: 20_000 + COUNT * 10 }
const IDS = { own: 'vid_0123456789ab', foreign: 'vid_ba9876543210' }
/** Stricter than the rest: it may refuse what the others read. */
const MAY_REFUSE = ['undici']

const forms = [...hostileForms(COUNT, SEED, IDS)]

/** What crosses of a form, and the videos that the gate saw in it; undefined when the gate refuses it. */
function passForm(
  { contentType, body }: HostileMessage,
  chunkBytes: number,
): { sent: Message; videoIds: readonly string[] } | undefined {
  const type = readFormType(contentType)
  if (!type.ok) return undefined
  const form = readForm(type.boundary)
  const bytes = bytesOf(body)
  const videoIds: string[] = []
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const read = form.push(bytes.slice(start, start + chunkBytes))
    if (!read.ok) return undefined
    videoIds.push(...read.videoIds)
  }
  return form.end().ok ? { sent: { contentType: formType(type.boundary), body: bytes }, videoIds } : undefined
}

const isVideo = (name: string): boolean => /^(?:template[^a-z]*)?video[^a-z]*id[^a-z]*$/i.test(name)
const sorted = (parts: readonly ReadPart[]): string[] => parts.map(({ name, value }) => `${name}=${value}`).sort()

/** The parsers' readings as texts to compare. */
async function readAll(message: Message, parsers: Readonly<Record<string, FormParser>>): Promise<Map<string, string>> {
  const readings = Object.entries(parsers).map(async ([parser, read]): Promise<[string, string]> => {
    const parts = await read(message)
    return [parser, parts === 'refused' ? parts : JSON.stringify(sorted(parts))]
  })
  return new Map(await Promise.all(readings))
}

describe('a form that passes', () => {
  it(`F1: is read alike by every parser and by the gate (${COUNT} forms)`, LIMIT, async () => {
    let passed = 0
    const disagreements: unknown[] = []
    for (const [index, message] of forms.entries()) {
      const pass = passForm(message, 1 + (index % 97))
      if (pass === undefined) continue
      passed += 1
      const readings = await readAll(pass.sent, FORM_PARSERS)
      for (const parser of MAY_REFUSE) if (readings.get(parser) === 'refused') readings.delete(parser)
      const parts = await FORM_PARSERS.busboy(pass.sent)
      const videoIds = parts === 'refused' ? [] : parts.filter(({ name }) => isVideo(name)).map(({ value }) => value)
      const seen = videoIds.filter((id) => id !== '').sort()
      if (new Set(readings.values()).size !== 1 || !isDeepStrictEqual(seen, [...pass.videoIds].sort())) {
        disagreements.push({ index, message, readings: [...readings], gate: pass.videoIds })
      }
    }
    console.info(`${passed} of ${COUNT} forms passed`)
    expect(disagreements, `seed ${SEED}`).toEqual([])
    expect(passed).toBeGreaterThan(COUNT / 10)
  })

  it('F1: is chosen from forms that parsers do read in different ways', LIMIT, async () => {
    const refused = forms.filter((message) => passForm(message, 4096) === undefined).slice(0, 500)
    let disputed = 0
    for (const { contentType, body } of refused) {
      const readings = await readAll({ contentType, body: bytesOf(body) }, PATIENT_PARSERS)
      if (new Set([...readings.values()].filter((reading) => reading !== 'refused')).size > 1) disputed += 1
    }
    console.info(`${disputed} of ${refused.length} forms that were refused are read in different ways`)
    expect(disputed).toBeGreaterThan(refused.length / 5)
  })
})

/** Some of the parsers wait for ever for what would make sense of a form: that is a refusal too. */
const PATIENT_PARSERS = Object.fromEntries(
  Object.entries<FormParser>(FORM_PARSERS).map(([name, read]): [string, FormParser] => [
    name,
    async (message) => await Promise.race([read(message), setTimeout(500, 'refused' as const, { ref: false })]),
  ]),
)

describe('JSON that passes', () => {
  it(`F1: is read alike by every parser and by the gate (${COUNT} bodies)`, LIMIT, async () => {
    let passed = 0
    const disagreements: unknown[] = []
    for (const [index, { contentType, body }] of [...hostileJson(COUNT, SEED, IDS)].entries()) {
      const text = isJsonType(contentType) ? decode(bytesOf(body)) : undefined
      const request = text === undefined ? undefined : readJobRequest(text)
      if (text === undefined || request?.ok !== true) continue
      passed += 1
      const written = writeJobRequest(request.members, undefined)
      const sent = { contentType: JSON_TYPE, body: utf8(written) }
      const meant = JSON.parse(text) as object
      const videoIds = Object.entries(meant).filter(([name, id]) => isVideo(name) && id !== null)
      const readings = await Promise.all(Object.values(JSON_PARSERS).map(async (read) => await read(sent)))
      const isAgreed =
        /^[\x20-\x7e]*$/.test(written) &&
        readings.every((reading) => isDeepStrictEqual(reading, meant)) &&
        isDeepStrictEqual(videoIds.map(([, id]) => String(id)).sort(), [...request.videoIds].sort())
      if (!isAgreed) disagreements.push({ index, body, readings, gate: request })
    }
    console.info(`${passed} of ${COUNT} bodies passed`)
    expect(disagreements, `seed ${SEED}`).toEqual([])
    expect(passed).toBeGreaterThan(COUNT / 10)
  })
})

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
