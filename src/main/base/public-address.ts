import { BlockList, isIP } from 'node:net'

/** Not on the internet, or not to be asked: IANA's special-purpose registry, and the one cloud metadata address outside it. */
const specialIpv4: [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Inside the unicast space of the internet: Teredo and ORCHID, documentation, 6to4 (which hides an IPv4 address). */
const specialIpv6: [network: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/** Behind these 96 bits NAT64 writes the IPv4 address that is meant (RFC 6052). */
const NAT64 = '64:ff9b::'
const NAT64_BITS = 96

const special = new BlockList()
for (const [network, prefix] of specialIpv4) {
  special.addSubnet(network, prefix, 'ipv4')
  special.addSubnet(NAT64 + network, NAT64_BITS + prefix, 'ipv6')
}
for (const [network, prefix] of specialIpv6) special.addSubnet(network, prefix, 'ipv6')

/** All other IPv6 is local, mapped or unassigned. */
const unicastIpv6 = new BlockList()
unicastIpv6.addSubnet('2000::', 3, 'ipv6')
unicastIpv6.addSubnet(NAT64, NAT64_BITS, 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')

/** Whether an IP address is one of the internet. What is no address at all is not. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4')
  // A zone (`%eth0`) belongs to addresses of one link.
  if (isIP(address) !== 6 || address.includes('%')) return false
  return unicastIpv6.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/** Whether an IP address is this machine itself. One that is written as IPv6 of another kind is not taken for it. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && loopback.check(address, 'ipv4'))
}

/** The metadata of clouds, and everything else that is told by the link alone. Nothing that an admin has an API on. */
const linkLocal = new BlockList()
for (const [network, prefix] of [
  ['169.254.0.0', 16],
  ['168.63.129.16', 32],
] as const) {
  linkLocal.addSubnet(network, prefix, 'ipv4')
  for (const before of ['::ffff:', NAT64]) linkLocal.addSubnet(before + network, 96 + prefix, 'ipv6')
}
linkLocal.addSubnet('fe80::', 10, 'ipv6')
linkLocal.addAddress('fd00:ec2::254', 'ipv6')

/** Whether an address is never asked, not even where an admin named it. */
export function isLinkLocalAddress(address: string): boolean {
  const family = isIP(address)
  return family === 0 || linkLocal.check(address.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6')
}

/** The networks of a home or a company (RFC 1918, RFC 4193), and those that are laid over others (RFC 6598). */
const privateNetworks = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4')
}
privateNetworks.addSubnet('fc00::', 7, 'ipv6')

/** Metadata of a cloud that has it among those. */
const METADATA_AMONG_PRIVATE = '100.100.100.200'

/** Whether an address belongs to a server in the network of this machine, and not to this machine or to a cloud's metadata. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0 || address.includes('%') || address === METADATA_AMONG_PRIVATE) return false
  return privateNetworks.check(address, family === 4 ? 'ipv4' : 'ipv6') && !isLinkLocalAddress(address)
}
