import { networkInterfaces } from 'node:os'
import { isLinkLocalAddress, isLoopbackAddress, isPrivateAddress, isPublicAddress } from '../../base/public-address.ts'

/** Whether this is where the gateway itself listens: it never sends to itself, or a notice could make the next one. */
export type IsOwnAddress = (address: string, port: number) => boolean

/** `listening`: undefined while nothing listens. */
export function ownAddresses(listening: () => { host: string; port: number } | undefined): IsOwnAddress {
  return (address, port) => {
    const own = listening()
    if (own?.port !== port) return false
    const plain = plainAddress(address)
    if (isLoopbackAddress(plain) || plain === own.host) return true
    const interfaces = Object.values(networkInterfaces()).flat()
    return interfaces.some((one) => one?.address === plain)
  }
}

/** Why an address is not sent to. */
export type Refusal = 'metadata' | 'own' | 'plain'

/**
 * Whether an admin's address may be sent to. Threat: metadata of a cloud, which hands out credentials to whoever asks; the
 * gateway itself; and what is sent in the open over the internet. Undefined: it may.
 */
export function refusal(address: string, port: number, isTls: boolean, isOwn: IsOwnAddress): Refusal | undefined {
  const plain = plainAddress(address)
  if (isOwn(plain, port)) return 'own'
  const isNear = isLoopbackAddress(plain) || isPrivateAddress(plain)
  if (isLinkLocalAddress(address) || isLinkLocalAddress(plain)) return 'metadata'
  if (isNear) return undefined
  if (!isPublicAddress(plain)) return 'metadata'
  return isTls ? undefined : 'plain'
}

export function refusalMessage(host: string, why: Refusal): string {
  switch (why) {
    case 'metadata':
      return `Nothing is sent to ${host}: it is no address of a service, as those of a cloud's metadata.`
    case 'own':
      return `Nothing is sent to ${host}: Gatehouse itself listens there.`
    case 'plain':
      return `Nothing is sent to ${host} without encryption: it is on the internet. Use https.`
  }
}

/** An IPv4 address that is written as IPv6 (`::ffff:7f00:1`), in its own notation. */
function plainAddress(address: string): string {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (mapped === null) return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  const bits = [mapped[1] ?? '0', mapped[2] ?? '0'].map((part) => parseInt(part, 16))
  return bits.flatMap((part) => [part >> 8, part & 0xff]).join('.')
}
