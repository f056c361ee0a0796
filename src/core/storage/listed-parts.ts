// The answer of S3's ListParts: plain elements that hold text, so a page is read without an XML parser. Pure.
// Spec: Amazon S3 API Reference, "ListParts".
import { bareEtag, type Part } from './parts.ts'

export interface ListedParts {
  readonly parts: readonly (Part & { readonly sizeBytes: number })[]
  /** The number after which the next page begins; undefined at the end. */
  readonly next: number | undefined
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'", '#34': '"' }

/** Undefined for anything but a page of parts. */
export function readListedParts(xml: string): ListedParts | undefined {
  if (!/<ListPartsResult[\s>]/.test(xml)) return undefined
  const parts: (Part & { sizeBytes: number })[] = []
  for (const [, element = ''] of xml.matchAll(/<Part>(.*?)<\/Part>/gs)) {
    const number = wholeNumber(element, 'PartNumber')
    const sizeBytes = wholeNumber(element, 'Size')
    const etag = bareEtag(textOf(element, 'ETag') ?? '')
    if (number === undefined || sizeBytes === undefined || etag === '') return undefined
    parts.push({ number, sizeBytes, etag })
  }
  const isCut = textOf(xml, 'IsTruncated') === 'true'
  const next = isCut ? (wholeNumber(xml, 'NextPartNumberMarker') ?? parts.at(-1)?.number) : undefined
  return { parts, next }
}

function textOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return text?.replace(/&(#?\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole).trim()
}

function wholeNumber(xml: string, name: string): number | undefined {
  const digits = textOf(xml, name)
  return digits !== undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : undefined
}
