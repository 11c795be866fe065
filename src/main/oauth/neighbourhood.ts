import { isIP, type LookupFunction, type Socket } from 'node:net'
import { isLinkLocalAddress, isLoopbackAddress, isPrivateAddress } from '../base/public-address.ts'
import { checkedLookup } from '../base/safe-exchange.ts'

/** Where a server is: on this machine, in a private network, or neither. */
export type Neighbourhood = 'loopback' | 'private' | 'internet'

interface NeighbourhoodOptions {
  lookup: LookupFunction | undefined
  signal: AbortSignal
  timeoutMs: number
}

/**
 * Where a server is that an admin named. Threat: whoever owns a name can let it resolve to an address inside for a
 * moment, and would then be trusted with the network. So a name counts by the address at which a server has just shown
 * the certificate for it; a name without TLS is taken for one of the internet, unless it is `localhost`.
 */
export async function neighbourhoodOf(server: URL, options: NeighbourhoodOptions): Promise<Neighbourhood> {
  if (isThisMachine(server)) return 'loopback'
  const host = hostOf(server)
  if (isIP(host) !== 0) return placeOf(host)
  if (server.protocol !== 'https:') return 'internet'
  const address = await addressBehind(server, options).catch(() => undefined)
  return address === undefined ? 'internet' : placeOf(address)
}

/** By what is written in an address: what another name resolves to is not looked at. */
export function isThisMachine(url: URL): boolean {
  const host = hostOf(url)
  return host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host)
}

/** IPv6 without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function placeOf(address: string): Neighbourhood {
  if (isLoopbackAddress(address)) return 'loopback'
  return isPrivateAddress(address) ? 'private' : 'internet'
}

/** Of the connection over which the server has shown its certificate. Nothing is asked over it. */
async function addressBehind(server: URL, options: NeighbourhoodOptions): Promise<string | undefined> {
  const { lookup = (await import('node:dns')).lookup, signal, timeoutMs } = options
  const { buildConnector } = await import('undici')
  const connect = buildConnector({
    lookup: checkedLookup((address) => !isLinkLocalAddress(address), lookup),
    timeout: timeoutMs,
  })
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) {
      stop()
      return
    }
    signal.addEventListener('abort', stop, { once: true })
    const where = { hostname: server.hostname, host: server.host, protocol: server.protocol, port: server.port }
    connect(where, (error: Error | null, socket: Socket | null) => {
      signal.removeEventListener('abort', stop)
      const address = socket?.remoteAddress
      socket?.destroy()
      if (error === null) resolve(address)
      else reject(error)
    })
  })
}
