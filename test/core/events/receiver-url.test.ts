// Where events may be sent: the list of what an attacker would rather have called.
import { describe, expect, it } from 'vitest'
import { readReceiverUrl } from '../../../src/core/events/receiver-url.ts'

const RULES = {
  parseUrl: (text: string) => URL.parse(text),
  allowsLoopback: false,
  ownHosts: new Set(['api.example.com', 'cdn.lynxgate.dev']),
}
const LOCAL = { ...RULES, allowsLoopback: true }
const read = (url: string, rules = RULES) => readReceiverUrl(url, rules)

describe('readReceiverUrl', () => {
  it.each([
    ['https://hooks.customer.dev/a?b=c', 'https://hooks.customer.dev/a?b=c'],
    ['HTTPS://Hooks.Customer.DEV', 'https://hooks.customer.dev/'],
    ['https://hooks.customer.dev:8443/', 'https://hooks.customer.dev:8443/'],
    ['https://93.184.216.34/', 'https://93.184.216.34/'],
    ['https://[2606:2800:220:1::1]/', 'https://[2606:2800:220:1::1]/'],
    ['https://bücher.de/', 'https://xn--bcher-kva.de/'],
  ])('takes %s', (url, spelling) => {
    expect(read(url)).toEqual({ ok: true, url: spelling })
  })

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://１２７.0.0.1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.100.100.200/',
    'https://100.64.0.1/',
    'https://192.0.0.192/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:a9fe:a9fe::1]/',
    'https://[2001:0:a9fe:a9fe::1]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
    'https://localhost/',
    'https://localhost./',
    'https://a.localhost/',
    'https://metadata.google.internal/',
    'https://metadata/',
    'https://instance-data/',
    'https://printer.local/',
    'https://router.lan/',
    'https://db.corp/',
    'https://fritz.home.arpa/',
    'https://169.254.169.254.nip.io/',
    'https://a.sslip.io/',
    'https://localtest.me/',
    'https://x.lvh.me/',
  ])('refuses %s, which is no public host', (url) => {
    expect(read(url)).toEqual({ ok: false, reason: 'must be a public host' })
  })

  it.each([
    ['http://hooks.customer.dev/', 'must be an https URL'],
    ['http://127.0.0.1/', 'must be an https URL'],
    ['ftp://hooks.customer.dev/', 'must be an https URL'],
    ['file:///etc/passwd', 'must be an https URL'],
    ['https://user:pass@hooks.customer.dev/', 'must not hold a user name or password'],
    ['https://api.example.com@hooks.customer.dev/', 'must not hold a user name or password'],
    ['https://hooks.customer.dev/#x', 'must not hold a fragment'],
    ['https://api.example.com/api/keys', 'must not be this service itself'],
    ['https://CDN.lynxgate.dev/', 'must not be this service itself'],
    ['https:\\\\hooks.customer.dev\\', 'must be a URL of at most 2048 characters'],
    ['https://hooks.customer.dev/\r\nX: y', 'must be a URL of at most 2048 characters'],
    [`https://hooks.customer.dev/${'a'.repeat(2048)}`, 'must be a URL of at most 2048 characters'],
    ['hooks.customer.dev', 'must be a URL of at most 2048 characters'],
    ['', 'must be a URL of at most 2048 characters'],
  ])('refuses %s and says why', (url, reason) => {
    expect(read(url)).toEqual({ ok: false, reason })
  })

  it('takes this machine without TLS where the service runs on it, and nothing else of its network', () => {
    expect(read('http://localhost:3000/hook', LOCAL).ok).toBe(true)
    expect(read('http://127.0.0.1:3000/hook', LOCAL).ok).toBe(true)
    expect(read('http://[::1]:3000/hook', LOCAL).ok).toBe(true)
    expect(read('http://192.168.1.2/', LOCAL).ok).toBe(false)
    expect(read('https://10.0.0.1/', LOCAL).ok).toBe(false)
    expect(read('http://hooks.customer.dev/', LOCAL).ok).toBe(false)
  })
})
