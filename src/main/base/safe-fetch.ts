import type { LookupFunction } from 'node:net'
import { isLinkLocalAddress, isLoopbackAddress, isPublicAddress } from './public-address.ts'
import {
  alongRedirects,
  ExchangeError,
  readBody,
  redirectOf,
  safeExchange,
  within,
  type AddressRule,
  type SafeExchangeOptions,
} from './safe-exchange.ts'

export interface SafeFetchOptions {
  /** Of the body, as it is sent and also unpacked. */
  maxBytes: number
  /** For everything: names, connections, redirects, the body. */
  timeoutMs: number
  accept: string
  signal?: AbortSignal
  /** The one origin whose addresses may be private, because an admin named it. Plain http is for loopback ones only. */
  privateOrigin?: string | undefined
  /** Plain http is for all of `privateOrigin`, as many an API inside a company has it. Never for link-local addresses. */
  privateHttp?: boolean
  /** Credentials. They are sent to the origin of the first URL, and to no other that it redirects to. */
  headers?: Readonly<Record<string, string>>
  /** Of connections to that origin: the authorities that are trusted, and what is shown to the server. PEM. */
  tls?: NonNullable<SafeExchangeOptions['tls']>
  lookup?: LookupFunction
  isPublic?: AddressRule
}

/**
 * Gets what a URL leads to that somebody else wrote. Threat: an address inside this machine or its network, written
 * plainly, in another notation, as a name that resolves to it now or the second time, or as the target of a redirect.
 * So a name is resolved once, its addresses are checked, and the connection goes to exactly these. Nothing is sent that
 * identifies anybody, but for `headers`. Throws with a sentence that says why, without the URL's path.
 */
export function safeFetch(url: URL, options: SafeFetchOptions): Promise<Buffer> {
  return within(url, options, (signal) =>
    alongRedirects(url, (target, isOwn) => fetchOnce(target, isOwn ? options : withoutOwn(options), signal)),
  )
}

function withoutOwn({ headers: _headers, tls: _tls, ...options }: SafeFetchOptions): SafeFetchOptions {
  return options
}

/** The body, or where it is redirected to. */
function fetchOnce(url: URL, options: SafeFetchOptions, signal: AbortSignal): Promise<Buffer | URL> {
  const { timeoutMs, tls, lookup, accept, maxBytes } = options
  const headers = { ...options.headers, accept, 'accept-encoding': 'gzip, br' }
  return safeExchange(
    url,
    { method: 'GET', headers },
    { permits: addressRule(url, options), signal, connectTimeoutMs: timeoutMs, tls, lookup },
    async (answer) => {
      const target = redirectOf(answer, url)
      if (target !== undefined) return target
      const { statusCode: status } = answer
      if (status !== 200) throw new ExchangeError('invalid', `${url.host} answered ${status}.`, { status })
      return readBody(answer, url, maxBytes)
    },
  )
}

function addressRule(url: URL, options: SafeFetchOptions): AddressRule {
  const { privateOrigin, privateHttp = false, isPublic = isPublicAddress } = options
  const isNamed = url.origin === privateOrigin
  if (url.protocol === 'https:') {
    return (address) => (isNamed && !isLinkLocalAddress(address)) || isPublic(address)
  }
  const mayBePlain = privateHttp ? (address: string) => !isLinkLocalAddress(address) : isLoopbackAddress
  return (address) => isNamed && mayBePlain(address)
}
