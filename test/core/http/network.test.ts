import { describe, expect, it } from 'vitest'
import {
  containsBlock,
  homeOf,
  isInNetworks,
  parseBlock,
  parseNetwork,
  truncateAddress,
  type Network,
} from '../../../src/core/http/network.ts'

const networks = (...texts: string[]): Network[] =>
  texts.map((text) => {
    const network = parseNetwork(text)
    if (network === undefined) throw new Error(text)
    return network
  })
const at = (address: string | undefined, asn?: number) => ({ address, asn })

describe('parseNetwork', () => {
  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/8/8',
    '10.0.0.256/8',
    '010.0.0.0/8',
    '10.0.0.0/-1',
    '10.0.0.0/ 8',
    '::/129',
    ':::/8',
    '2001:db8::1::/64',
    'g::/8',
    'AS',
    'AS0',
    'AS4294967296',
    'AS1.5',
    'example.com/8',
    '::ffff:0:0/95',
  ])('is undefined for %j', (text) => {
    expect(parseNetwork(text)).toBeUndefined()
  })
})

describe('isInNetworks', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.77/32', '192.0.2.77', true],
    ['192.0.2.77/32', '192.0.2.76', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '203.0.113.9', false],
    ['::/0', '2001:db8::1', true],
    ['2001:db8::/32', '2001:DB8:ffff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:db8::/127', '2001:db8::1', true],
    ['2001:db8::/127', '2001:db8::2', false],
    // One address, two spellings: IPv4-mapped counts as IPv4, in the list and in the request.
    ['192.0.2.0/24', '::ffff:192.0.2.7', true],
    ['::ffff:192.0.2.0/120', '192.0.2.7', true],
    ['::ffff:192.0.2.0/120', '192.0.3.7', false],
    ['::/0', '::ffff:192.0.2.7', false],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(isInNetworks(networks(network), at(address))).toBe(expected)
  })

  it('takes any that fits, autonomous systems too', () => {
    const list = networks('192.0.2.0/24', 'AS64500', 'as64501')
    expect(isInNetworks(list, at('198.51.100.1', 64_500))).toBe(true)
    expect(isInNetworks(list, at('198.51.100.1', 64_501))).toBe(true)
    expect(isInNetworks(list, at('198.51.100.1', 64_502))).toBe(false)
    expect(isInNetworks(list, at('192.0.2.1'))).toBe(true)
  })

  it.each([undefined, '', 'unknown', '192.0.2', '1'])('holds no address that is unknown: %j', (address) => {
    expect(isInNetworks(networks('0.0.0.0/0', '::/0'), at(address))).toBe(false)
  })
})

describe('homeOf', () => {
  it('is the same for a /24 and for a /56, whatever the spelling', () => {
    expect(homeOf('192.0.2.1')).toBe(homeOf('::ffff:192.0.2.200'))
    expect(homeOf('2001:db8:0:1200::1')).toBe(homeOf('2001:DB8:0:12ff:9::'))
  })

  it('is another for the next one, and for no address', () => {
    const homes = ['192.0.2.1', '192.0.3.1', '2001:db8:0:1200::', '2001:db8:0:1300::', undefined, 'x'].map(homeOf)
    expect(new Set(homes).size).toBe(5)
  })
})

describe('containsBlock', () => {
  const contains = (outer: string, inner: string): boolean => {
    const [a, b] = [parseBlock(outer), parseBlock(inner)]
    return a !== undefined && b !== undefined && containsBlock(a, b)
  }

  it.each([
    ['0.0.0.0/0', '192.0.2.7/32', true],
    ['192.0.2.0/24', '192.0.2.128/25', true],
    ['192.0.2.0/24', '192.0.2.0/24', true],
    ['192.0.2.0/24', '192.0.0.0/16', false],
    ['192.0.2.0/24', '192.0.3.0/24', false],
    ['2001:db8::/32', '2001:db8:1::/48', true],
    ['::/0', '192.0.2.0/24', false],
    ['0.0.0.0/0', '::ffff:192.0.2.0/120', true],
  ])('%s, %s: %s', (outer, inner, expected) => {
    expect(contains(outer, inner)).toBe(expected)
  })
})

describe('parseBlock', () => {
  it.each(['192.0.2.7', 'AS64500', '', '192.0.2.0/33', '2001:db8::/129', '192.0.2.0/-1', '192.0.2.0/8/8'])(
    'refuses %j',
    (text) => {
      expect(parseBlock(text)).toBeUndefined()
    },
  )
})

describe('truncateAddress', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:7:8::1', '2001:db8:7::/48'],
    ['2001:db8::1', '2001:db8::/48'],
    ['::1', '::/48'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['unknown', undefined],
    [undefined, undefined],
  ])('%s is %s', (address, expected) => {
    expect(truncateAddress(address)).toBe(expected)
  })
})
