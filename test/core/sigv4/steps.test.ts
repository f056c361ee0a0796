// Each step of SigV4 against what AWS publishes: the S3 API Reference, the IAM guide and the public
// signing test suite. A wrong byte shows at the step that wrote it.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex, utf8 } from '../../../src/core/bytes.ts'
import { hmacKey, sha256 } from '../../../src/core/sha256.ts'
import {
  UNSIGNED_PAYLOAD,
  awsDateTime,
  canonicalHeaders,
  canonicalQuery,
  canonicalRequest,
  credentialScope,
  deriveSigningKey,
  signature,
  signedHeaderNames,
  stringToSign,
  type CredentialScope,
  type NameValue,
} from '../../../src/core/sigv4/steps.ts'
import { encodePath } from '../../../src/core/uri-encoding.ts'

const EMPTY_PAYLOAD = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

interface Vector {
  name: string
  method: string
  path: string
  query: NameValue[]
  headers: NameValue[]
  payloadHash: string
  canonical: string
  canonicalHash: string
  signature: string
}

function proveSteps(vector: Vector, secret: string, dateTime: string, scope: CredentialScope): void {
  const canonical = canonicalRequest({
    method: vector.method,
    encodedPath: encodePath(vector.path),
    canonicalQuery: canonicalQuery(vector.query),
    headers: vector.headers,
    payloadHash: vector.payloadHash,
  })
  expect(canonical).toBe(vector.canonical)
  expect(hex(sha256(utf8(canonical)))).toBe(vector.canonicalHash)
  const text = stringToSign(dateTime, scope, canonical)
  expect(text).toBe(`AWS4-HMAC-SHA256\n${dateTime}\n${credentialScope(scope)}\n${vector.canonicalHash}`)
  expect(signature(hmacKey(deriveSigningKey(secret, scope)), text)).toBe(vector.signature)
}

describe('the published examples of Amazon S3', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  const scope = { date: '20130524', region: 'us-east-1', service: 's3' }
  const host: NameValue = ['Host', 'examplebucket.s3.amazonaws.com']
  const date: NameValue = ['x-amz-date', '20130524T000000Z']
  const welcome = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072'
  const vectors: Vector[] = [
    {
      name: 'a presigned GET',
      method: 'GET',
      path: '/test.txt',
      query: [
        ['X-Amz-SignedHeaders', 'host'],
        ['X-Amz-Expires', '86400'],
        ['X-Amz-Date', '20130524T000000Z'],
        ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
        ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ],
      headers: [host],
      payloadHash: UNSIGNED_PAYLOAD,
      canonical: [
        'GET',
        '/test.txt',
        'X-Amz-Algorithm=AWS4-HMAC-SHA256' +
          '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
          '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host',
        'host:examplebucket.s3.amazonaws.com',
        '',
        'host',
        'UNSIGNED-PAYLOAD',
      ].join('\n'),
      canonicalHash: '3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04',
      signature: 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    },
    {
      name: 'a GET of a range',
      method: 'GET',
      path: '/test.txt',
      query: [],
      headers: [host, ['Range', 'bytes=0-9 '], ['x-amz-content-sha256', EMPTY_PAYLOAD], date],
      payloadHash: EMPTY_PAYLOAD,
      canonical: [
        'GET',
        '/test.txt',
        '',
        'host:examplebucket.s3.amazonaws.com',
        'range:bytes=0-9',
        `x-amz-content-sha256:${EMPTY_PAYLOAD}`,
        'x-amz-date:20130524T000000Z',
        '',
        'host;range;x-amz-content-sha256;x-amz-date',
        EMPTY_PAYLOAD,
      ].join('\n'),
      canonicalHash: '7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972',
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'a PUT with signed headers and a reserved character in the key',
      method: 'PUT',
      path: '/test$file.text',
      query: [],
      headers: [
        host,
        ['Date', 'Fri, 24 May 2013 00:00:00 GMT'],
        date,
        ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
        ['x-amz-content-sha256', welcome],
      ],
      payloadHash: welcome,
      canonical: [
        'PUT',
        '/test%24file.text',
        '',
        'date:Fri, 24 May 2013 00:00:00 GMT',
        'host:examplebucket.s3.amazonaws.com',
        `x-amz-content-sha256:${welcome}`,
        'x-amz-date:20130524T000000Z',
        'x-amz-storage-class:REDUCED_REDUNDANCY',
        '',
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        welcome,
      ].join('\n'),
      canonicalHash: '9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d',
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      name: 'a parameter without a value',
      method: 'GET',
      path: '/',
      query: [['lifecycle', '']],
      headers: [host, ['x-amz-content-sha256', EMPTY_PAYLOAD], date],
      payloadHash: EMPTY_PAYLOAD,
      canonical: [
        'GET',
        '/',
        'lifecycle=',
        'host:examplebucket.s3.amazonaws.com',
        `x-amz-content-sha256:${EMPTY_PAYLOAD}`,
        'x-amz-date:20130524T000000Z',
        '',
        'host;x-amz-content-sha256;x-amz-date',
        EMPTY_PAYLOAD,
      ].join('\n'),
      canonicalHash: '9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca',
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
  ]

  it.each(vectors)('holds at every step for $name', (vector) => {
    proveSteps(vector, secret, '20130524T000000Z', scope)
  })
})

describe('the published signing test suite', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
  const scope = { date: '20150830', region: 'us-east-1', service: 'service' }
  const host: NameValue = ['Host', 'example.amazonaws.com']
  const dated: NameValue[] = [host, ['X-Amz-Date', '20150830T123600Z']]
  const own: NameValue[] = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', 'AKIDEXAMPLE/20150830/us-east-1/service/aws4_request'],
    ['X-Amz-Date', '20150830T123600Z'],
    ['X-Amz-SignedHeaders', 'host'],
    ['X-Amz-Expires', '3600'],
  ]
  const ownQuery =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256' +
    '&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request' +
    '&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host'
  const headerTail = `host:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n${EMPTY_PAYLOAD}`
  const queryTail = `host:example.amazonaws.com\n\nhost\n${EMPTY_PAYLOAD}`
  const keyCase: NameValue[] = [
    ['Param2', 'value2'],
    ['Param1', 'value1'],
  ]
  const byHeader = { method: 'GET', headers: dated, payloadHash: EMPTY_PAYLOAD }
  const byQuery = { method: 'GET', headers: [host], payloadHash: EMPTY_PAYLOAD }
  const vectors: Vector[] = [
    {
      name: 'get-vanilla, header',
      ...byHeader,
      path: '/',
      query: [],
      canonical: `GET\n/\n\n${headerTail}`,
      canonicalHash: 'bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63',
      signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    },
    {
      name: 'get-utf8, header',
      ...byHeader,
      path: '/ሴ',
      query: [],
      canonical: `GET\n/%E1%88%B4\n\n${headerTail}`,
      canonicalHash: '2a0a97d02205e45ce2e994789806b19270cfbbb0921b278ccf58f5249ac42102',
      signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85',
    },
    {
      name: 'get-utf8, query',
      ...byQuery,
      path: '/ሴ',
      query: own,
      canonical: `GET\n/%E1%88%B4\n${ownQuery}\n${queryTail}`,
      canonicalHash: 'd8f78e05d0d9bb1c16ae1e60ed405de76cfb8fdcd3e414ffe65fad563b996d66',
      signature: '10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44',
    },
    {
      name: 'get-vanilla-query-order-key-case, header',
      ...byHeader,
      path: '/',
      query: keyCase,
      canonical: `GET\n/\nParam1=value1&Param2=value2\n${headerTail}`,
      canonicalHash: '816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0',
      signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    },
    {
      name: 'get-vanilla-query-order-key-case, query',
      ...byQuery,
      path: '/',
      query: [...keyCase, ...own],
      canonical: `GET\n/\nParam1=value1&Param2=value2&${ownQuery}\n${queryTail}`,
      canonicalHash: 'b82878ecb2ab7ad194b9fe79b2946c2a36ee1627a219408089b2d774c1a0cedb',
      signature: '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
    },
    {
      name: 'get-vanilla-query-order-encoded, query',
      ...byQuery,
      path: '/',
      query: [['Param-3', 'Value3'], ['Param', 'Value2'], ['ሴ', 'Value1'], ...own],
      canonical: `GET\n/\n%E1%88%B4=Value1&Param=Value2&Param-3=Value3&${ownQuery}\n${queryTail}`,
      canonicalHash: '9808d6cdc8245c74e705c68350fc6a62b91778cdd613890e5d177998c02c6f53',
      signature: 'c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787',
    },
    {
      name: 'get-slashes-unnormalized, query',
      ...byQuery,
      path: '//example//',
      query: own,
      canonical: `GET\n//example//\n${ownQuery}\n${queryTail}`,
      canonicalHash: '82241114f9a6320f054333c890952474aa7a0069d28a4326c3a8d95bbecc69ee',
      signature: '822a5a9ba28072c5ab2bb4a6307d0c88276d40e49fec6b724c03fb4d4ba60fc2',
    },
  ]

  it.each(vectors)('holds at every step for $name', (vector) => {
    proveSteps(vector, secret, '20150830T123600Z', scope)
  })
})

describe('awsDateTime', () => {
  it.each([
    [0, '19700101T000000Z'],
    [1_369_353_600, '20130524T000000Z'],
    [1_440_938_160, '20150830T123600Z'],
    [951_782_399, '20000228T235959Z'],
    [951_782_400, '20000229T000000Z'],
    [951_868_800, '20000301T000000Z'],
    [4_107_542_399, '21000228T235959Z'],
    [4_107_542_400, '21000301T000000Z'],
    [253_402_300_799, '99991231T235959Z'],
  ])('writes %i as %s', (seconds, text) => {
    expect(awsDateTime(seconds)).toBe(text)
  })

  it('agrees with the runtime’s calendar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const iso = new Date(seconds * 1000).toISOString()
        expect(awsDateTime(seconds)).toBe(iso.replace(/[:-]|\.000/g, ''))
      }),
      { numRuns: 1000 },
    )
  })

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800, 1_790_000_000_000])(
    'refuses %d, which is no second with a four-digit year',
    (seconds) => {
      expect(() => awsDateTime(seconds)).toThrow(TypeError)
    },
  )
})

describe('credentialScope', () => {
  it('names the day, the region and the service', () => {
    const scope = { date: '20130524', region: 'auto', service: 's3' }
    expect(credentialScope(scope)).toBe('20130524/auto/s3/aws4_request')
  })
})

describe('deriveSigningKey', () => {
  it('gives the key published in the IAM guide', () => {
    const scope = { date: '20150830', region: 'us-east-1', service: 'iam' }
    expect(hex(deriveSigningKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope))).toBe(
      'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9',
    )
  })
})

describe('canonicalQuery', () => {
  it('sorts by the whole name before the value, although = sorts after -', () => {
    expect(
      canonicalQuery([
        ['a-b', '1'],
        ['a', '2'],
        ['a.b', '3'],
      ]),
    ).toBe('a=2&a-b=1&a.b=3')
  })

  it('sorts equal names by encoded value', () => {
    expect(
      canonicalQuery([
        ['a', 'b'],
        ['a', ' '],
        ['a', 'B'],
        ['a', ''],
      ]),
    ).toBe('a=&a=%20&a=B&a=b')
  })

  it('sorts by encoded name, so that % comes before letters', () => {
    expect(
      canonicalQuery([
        ['a', '1'],
        ['é', '2'],
        ['Z', '3'],
      ]),
    ).toBe('%C3%A9=2&Z=3&a=1')
  })

  it('encodes names and values, a space as %20', () => {
    expect(canonicalQuery([['a b', "c+d&e=f'*"]])).toBe('a%20b=c%2Bd%26e%3Df%27%2A')
  })

  it('is empty without pairs', () => {
    expect(canonicalQuery([])).toBe('')
  })

  it('takes what a URL parser decoded and gives the query back', () => {
    const unit = fc.constantFrom('a', 'Z', '0', '-', ' ', '+', '%', '&', '=', '/', 'é', '😀')
    const text = fc.string({ unit, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (pairs) => {
        const query = canonicalQuery(pairs)
        expect(canonicalQuery(new URLSearchParams(query))).toBe(query)
      }),
    )
  })

  it('refuses a lone surrogate as a caller’s mistake', () => {
    expect(() => canonicalQuery([['a', '\ud800']])).toThrow(TypeError)
  })
})

describe('canonicalHeaders', () => {
  it('lowers names, trims values, folds spaces and sorts by name', () => {
    const headers: NameValue[] = [
      ['X-B', '  a   b  '],
      ['Content-Type', 'video/mp4'],
      ['Host', 'h'],
    ]
    expect(canonicalHeaders(headers)).toEqual([
      ['content-type', 'video/mp4'],
      ['host', 'h'],
      ['x-b', 'a b'],
    ])
    expect(signedHeaderNames(headers)).toBe('content-type;host;x-b')
  })

  it('joins a repeated name in the order given', () => {
    const headers: NameValue[] = [
      ['my-header1', 'value2'],
      ['My-Header1', 'value1'],
    ]
    expect(canonicalHeaders(headers)).toEqual([['my-header1', 'value2,value1']])
  })

  it.each(['a\nhost:evil', 'a\rb', 'a\0b'])('refuses the value %j, which cannot be one line', (value) => {
    expect(() => canonicalHeaders([['x-a', value]])).toThrow(TypeError)
  })

  it.each(['', 'a b', 'a:b', 'a;b', 'a\n', 'é'])('refuses the name %j', (name) => {
    expect(() => canonicalHeaders([[name, 'value']])).toThrow(TypeError)
  })
})
