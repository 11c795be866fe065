import { lookup as systemLookup } from 'node:dns'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { isLinkLocalAddress } from '../../base/public-address.ts'
import { checkedLookup, ExchangeError } from '../../base/safe-exchange.ts'

interface ConnectionOptions {
  host: string
  port: number
  signal: AbortSignal
  lookup?: LookupFunction | undefined
}

/** Mail servers are in any network; only what is told by the link alone, as a cloud's metadata, is none. */
const permits = (address: string) => !isLinkLocalAddress(address)

/** A connection to an address that was checked. Rejects with the system's error, or ExchangeError `refused`. */
export async function connected({ host, port, signal, lookup = systemLookup }: ConnectionOptions): Promise<Socket> {
  signal.throwIfAborted()
  if (isMetadata(host)) throw new ExchangeError('refused', 'it is no address of a mail server.')
  const socket = connect({ host, port, lookup: checkedLookup(permits, lookup), autoSelectFamily: true })
  return new Promise<Socket>((resolve, reject) => {
    const stop = () => socket.destroy(signal.reason as Error)
    const done = (settle: () => void) => () => {
      signal.removeEventListener('abort', stop)
      settle()
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.once(
      'connect',
      done(() => resolve(socket)),
    )
    // Stays: an error that nobody listens to would end the process.
    socket.on('error', (error) => done(() => reject(error))())
  })
}

/** Whether a host is written as an address that nothing is sent to. */
export function isMetadata(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '')
  return isIP(address) !== 0 && !permits(address)
}
