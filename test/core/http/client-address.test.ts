import { describe, expect, it } from 'vitest'
import { addressGroup } from '../../../src/core/http/client-address.ts'

describe('addressGroup', () => {
  it.each([
    ['an IPv4 client by itself', '203.0.113.7', '203.0.113.7'],
    ['an IPv6 client by its /64', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['the same network, other host', '2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['leading zeros and upper case', '2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['a gap in the network part', '2001:db8::1', '2001:db8:0:0::/64'],
    ['loopback', '::1', '0:0:0:0::/64'],
    ['an IPv4 client in IPv6 clothes', '::ffff:203.0.113.7', '203.0.113.7'],
    ['the same in hexadecimal', '::ffff:cb00:7107', '203.0.113.7'],
    ['a zone index', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('counts %s', (_, address, group) => {
    expect(addressGroup(address)).toBe(group)
  })

  it('tells neighbouring networks apart', () => {
    expect(addressGroup('2001:db8:1:2::1')).not.toBe(addressGroup('2001:db8:1:3::1'))
  })

  it.each([undefined, '', 'example.com', '1:2:3', '1::2::3', '1:2:3:4:5:6:7:8:9', '203.0.113.7, 10.0.0.1'])(
    'counts %j as unknown',
    (address) => {
      expect(addressGroup(address)).toBe('unknown')
    },
  )
})
