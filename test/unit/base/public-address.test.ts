import { describe, expect, it } from 'vitest'
import { isLoopbackAddress, isPrivateAddress, isPublicAddress } from '../../../src/main/base/public-address.ts'

describe('addresses of the internet', () => {
  it.each(['1.1.1.1', '172.15.255.255', '172.32.0.0', '192.167.1.1', '100.63.255.255', '223.255.255.255'])(
    '%s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )
  it.each(['2606:4700:4700::1111', '2001:4860:4860::8888', '64:ff9b::1.1.1.1'])('%s is one', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )
  it.each([
    ['this network', '0.0.0.0'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier NAT', '100.64.0.1'],
    ['cloud metadata', '100.100.100.200'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata', '168.63.129.16'],
    ['cloud metadata', '192.0.0.192'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['documentation', '203.0.113.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback', '::1'],
    ['unspecified', '::'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped, even where it is public', '::ffff:1.1.1.1'],
    ['compatible', '::127.0.0.1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%lo'],
    ['unicast with a zone', '2606:4700:4700::1111%lo'],
    ['unique local', 'fd00:ec2::254'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['Teredo', '2001:0:1::1'],
    ['documentation', '2001:db8::1'],
    ['NAT64 of a private one', '64:ff9b::10.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['local NAT64', '64:ff9b:1::1.1.1.1'],
    ['multicast', 'ff02::1'],
    ['a name', 'example.com'],
    ['nothing', ''],
  ])('%s is not: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false))
})

describe('this machine', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1'])('%s is it', (address) => expect(isLoopbackAddress(address)).toBe(true))
  it.each(['0.0.0.0', '128.0.0.1', '::ffff:127.0.0.1', '::', 'localhost', ''])('%s is not', (address) =>
    expect(isLoopbackAddress(address)).toBe(false),
  )
})

describe('addresses of a private network', () => {
  it.each(['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fd12::1'])(
    '%s is one',
    (address) => expect(isPrivateAddress(address)).toBe(true),
  )
  it.each([
    ['of the internet', '1.1.1.1'],
    ['this machine', '127.0.0.1'],
    ['this machine', '::1'],
    ['this machine', '0.0.0.0'],
    ['this machine', '::ffff:127.0.0.1'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata', '100.100.100.200'],
    ['cloud metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['with a zone', 'fd12::1%lo'],
    ['multicast', '224.0.0.1'],
    ['no address', 'localhost'],
  ])('%s is none: %s', (_kind, address) => expect(isPrivateAddress(address)).toBe(false))
})
