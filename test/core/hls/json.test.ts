// JSON documents of HLS: asset lists, steering manifests, chapters. Only URIs change, not one other byte.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyJson } from '../../../src/core/hls/json.ts'
import { findStrings } from '../../../src/core/hls/json-strings.ts'
import { LEAVES_FOLDER } from '../../../src/core/hls/reference.ts'
import { API_BASE, ORIGIN, rewriteJson, signAll, signed } from './place.ts'

const place = { path: 'meta/doc.json', apiBase: API_BASE, origin: ORIGIN, signAll }
const OWN = `${ORIGIN}${API_BASE}`

describe('rewriteJson', () => {
  it('makes the assets of a list absolute (RFC 8216bis §D.2)', () => {
    const text =
      '{ "ASSETS": [\n  {"URI":"ads\\/1.m3u8?a=1", "DURATION": 15.0},\n  {"URI":"https://ads.example.net/2.m3u8","DURATION":1e1}\n], "X":"ads/1" }'
    expect(rewriteJson(text, place)).toEqual({
      ok: true,
      text: text.replace('ads\\/1.m3u8?a=1', `${OWN}meta/ads/1.m3u8?a=1`),
    })
  })

  it('sends the reload of a steering manifest to our API, and clones to absolute addresses (§7.3)', () => {
    const clone = {
      HOST: 'b.example.net',
      PARAMS: { t: 'x' },
      'PER-VARIANT-URIS': { v1: '../v/1.m3u8' },
      'PER-RENDITION-URIS': { a: 'a.m3u8' },
    }
    const text = JSON.stringify({
      VERSION: 1,
      TTL: 300,
      'RELOAD-URI': 'steer.json?s=1',
      'PATHWAY-PRIORITY': ['A', 'B'],
      'PATHWAY-CLONES': [{ 'BASE-ID': 'A', ID: 'B', 'URI-REPLACEMENT': clone }],
    })
    const expected = text
      .replace('steer.json?s=1', `${API_BASE}meta/steer.json?s=1`)
      .replace('../v/1.m3u8', `${OWN}v/1.m3u8`)
      .replace('"a.m3u8"', `"${OWN}meta/a.m3u8"`)
    expect(rewriteJson(text, place)).toEqual({ ok: true, text: expected })
  })

  it('presigns the images of chapters', () => {
    const text =
      '[{"chapter":1,"start-time":0,"titles":[{"language":"en","title":"url"}],"images":[{"url":"c 1.jpg"},{"url":"https://i.example.net/2.jpg"}]}]'
    expect(rewriteJson(text, place)).toEqual({ ok: true, text: text.replace('c 1.jpg', signed('meta/c 1.jpg')) })
  })

  it.each([
    ['an image a moment', '[{"startTime":0,"url":"1.jpg"},{"url":"https://i.example.net/2.jpg","startTime":"5"}]'],
    ['an image a moment, each of one sprite', '[{"startTime":0,"url":"1.jpg","coords":{"x":1,"y":2},"id":"url"}]'],
    ['one image of many tiles', '{"url":"1.jpg","tile_width":160,"duration":9.5,"tiles":[{"start":0,"x":0,"y":0}]}'],
    ['several images of many tiles', '[{"url":"1.jpg","tiles":[]},{"tiles":[{"startTime":1}],"url":"1.jpg"}]'],
  ])('F32: presigns the images of a storyboard: %s', (_, text) => {
    const expected = text.replaceAll('"1.jpg"', `"${signed('meta/1.jpg')}"`)
    expect(rewriteJson(text, place)).toEqual({ ok: true, text: expected })
  })

  it('F32: lets no storyboard out of the folder', () => {
    const refused = { ok: false, line: 2, reason: LEAVES_FOLDER }
    expect(rewriteJson('[{"startTime":0,\n"url":"/1.jpg"}]', place)).toEqual(refused)
    expect(rewriteJson('{"tiles":[],\n"url":"../../1.jpg"}', place)).toEqual(refused)
  })

  it('rewrites every one of a repeated member, as players keep the last and others the first', () => {
    const text = '{"ASSETS":[{"URI":"a","URI":"b"}],"ASSETS":[{"U\\u0052I":"c"}]}'
    const expected = `{"ASSETS":[{"URI":"${OWN}meta/a","URI":"${OWN}meta/b"}],"ASSETS":[{"U\\u0052I":"${OWN}meta/c"}]}`
    expect(rewriteJson(text, place)).toEqual({ ok: true, text: expected })
  })

  it('leaves values that are no text, and empty ones, alone', () => {
    const text = '{"ASSETS":[{"URI":null},{"URI":" "},{"URI":["a"]},{"URI":{"URI":"a"}}]}'
    expect(rewriteJson(text, place)).toEqual({ ok: true, text })
  })

  it('takes an array for no map of addresses', () => {
    const text = '{"PATHWAY-PRIORITY":["A"],"PATHWAY-CLONES":[{"URI-REPLACEMENT":{"PER-VARIANT-URIS":["../../x"]}}]}'
    expect(rewriteJson(text, place)).toEqual({ ok: true, text })
  })

  it('says on which line a reference leaves the folder', () => {
    expect(rewriteJson('{"ASSETS":[\n\n{"URI":"../../x"}]}', place)).toMatchObject({ ok: false, line: 3 })
  })

  it('refuses what it does not know', () => {
    expect(rewriteJson('{"URI":"a"}', place)).toEqual({
      ok: false,
      line: 1,
      reason: 'not a document that names objects',
    })
  })

  it('neither throws nor overflows the stack on deep nesting', () => {
    const strings = '"",'.repeat(100_000)
    const text = `{"ASSETS":[${'['.repeat(100_000)}${strings}"a"${']'.repeat(100_000)}]}`
    expect(() => rewriteJson(text, place)).not.toThrow()
  })
})

describe('classifyJson', () => {
  it.each([
    ['{"ASSETS":[]}', 'asset-list'],
    [' \n{"VERSION":1,"PATHWAY-PRIORITY":["A"]}', 'steering'],
    ['\uFEFF[{"chapter":1}]', 'chapters'],
    ['[{"start-time":0,"images":[]}]', 'chapters'],
    ['[{"startTime":0,"url":"a.jpg"}]', 'storyboard'],
    ['{"url":"a.jpg","tiles":[]}', 'storyboard'],
    ['[{"startTime":0}]', undefined],
    ['[{"startTime":0,"url":"a.jpg"},{"startTime":1}]', undefined],
    ['[{"url":"a.jpg"}]', undefined],
    ['{"url":"a.jpg"}', undefined],
    ['{"url":1,"tiles":[]}', undefined],
    ['{"url":"a.jpg","tiles":{}}', undefined],
    ['{"url":"a.jpg","startTime":0}', undefined],
    ['[]', undefined],
    ['[1]', undefined],
    ['[null]', undefined],
    ['{"ASSETS":{}}', undefined],
    ['{"PATHWAY-PRIORITY":"A"}', undefined],
    ['{"ASSETS":[', undefined],
    ['"ASSETS"', undefined],
    ['', undefined],
  ])('takes %j for %s', (text, kind) => {
    expect(classifyJson(text)).toBe(kind)
  })
})

describe('findStrings', () => {
  it('finds every string value of any JSON, and nothing else', () => {
    const collect = (value: unknown): readonly string[] => {
      if (typeof value === 'string') return [value]
      return typeof value === 'object' && value !== null ? Object.values(value).flatMap(collect) : []
    }
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const found = [...findStrings(text)].map(({ start, end }): unknown =>
          JSON.parse(text.slice(start - 1, end + 1)),
        )
        expect(found).toEqual(collect(JSON.parse(text)))
      }),
      { numRuns: 500 },
    )
  })

  it('never throws, JSON or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', 'a', '\n') }), (text) => {
        for (const { start, end } of findStrings(text)) expect(end).toBeGreaterThanOrEqual(start)
      }),
    )
  })
})
