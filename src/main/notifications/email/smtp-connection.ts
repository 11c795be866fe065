import { lookup as systemLookup } from 'node:dns'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { isLinkLocalAddress } from '../../base/public-address.ts'
import { checkedLookup, ExchangeError } from '../../base/safe-exchange.ts'
import { refusal } from '../wire/addresses.ts'
import type { EmailSettings } from './mail-message.ts'

interface ConnectionOptions extends Pick<EmailSettings, 'host' | 'port' | 'tls'> {
  signal: AbortSignal
  lookup?: LookupFunction | undefined
}

const NO_SERVER = 'it is no address of a mail server.'
const IN_THE_OPEN = 'it is not in your network, and what is sent would not be encrypted. Choose STARTTLS or TLS.'

/** A connection to an address that was checked. Rejects with the system's error, or ExchangeError `refused` that says why. */
export async function connected(options: ConnectionOptions): Promise<Socket> {
  const { host, port, tls, signal, lookup = systemLookup } = options
  signal.throwIfAborted()
  const refused = hostRefusal(options)
  if (refused !== undefined) throw new ExchangeError('refused', refused.message)
  const seen: string[] = []
  const permits = (address: string) => {
    const why = addressRefusal(address, port, tls)
    if (why !== undefined) seen.push(why)
    return why === undefined
  }
  const socket = connect({
    host: host.replace(/^\[|\]$/g, ''),
    port,
    lookup: checkedLookup(permits, lookup),
    autoSelectFamily: true,
  })
  return new Promise<Socket>((resolve, reject) => {
    const stop = () => socket.destroy(signal.reason as Error)
    const done = (settle: () => void) => () => {
      signal.removeEventListener('abort', stop)
      settle()
    }
    const fail = (error: Error) =>
      reject(
        error instanceof ExchangeError ? new ExchangeError('refused', seen[0] ?? NO_SERVER, { cause: error }) : error,
      )
    signal.addEventListener('abort', stop, { once: true })
    socket.once(
      'connect',
      done(() => resolve(socket)),
    )
    // Stays: an error that nobody listens to would end the process.
    socket.on('error', (error) => done(() => fail(error))())
  })
}

/** Why nothing is sent to a host that is written as an address, and the setting at fault. A name is looked up with each mail. */
export function hostRefusal({
  host,
  port,
  tls,
}: Pick<EmailSettings, 'host' | 'port' | 'tls'>): { field: 'host' | 'tls'; message: string } | undefined {
  const address = host.replace(/^\[|\]$/g, '')
  const message = isIP(address) === 0 ? undefined : addressRefusal(address, port, tls)
  return message === undefined ? undefined : { field: message === IN_THE_OPEN ? 'tls' : 'host', message }
}

/**
 * Mail servers are in any network; only what is told by the link alone, as a cloud's metadata, is none. Threat: a password,
 * and what incidents say, in clear text for everybody on the way.
 */
function addressRefusal(address: string, port: number, tls: EmailSettings['tls']): string | undefined {
  if (isLinkLocalAddress(address)) return NO_SERVER
  if (tls !== 'none' || refusal(address, port, false, () => false) === undefined) return undefined
  return IN_THE_OPEN
}
