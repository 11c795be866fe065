import { lookup as systemLookup } from 'node:dns'
import { isIP } from 'node:net'
import type * as Tls from 'node:tls'
import type { Dispatcher } from 'undici'
import { messageOf } from '../../base/message-of.ts'
import { KEPT_SOCKETS } from '../../base/kept-sockets.ts'
import { isLinkLocalAddress, isPublicAddress } from '../../base/public-address.ts'
import { checkedLookup } from '../../base/safe-exchange.ts'
import { authoritiesWith } from './authorities.ts'
import { fieldError } from './rest-errors.ts'
import type { RestPlace } from '../rest-place.ts'

export interface DispatcherOptions {
  place: RestPlace
  tlsKey: string | undefined
  connectTimeoutMs: number
  /** Which addresses an origin may have that is not the API's own. Left out: those of the internet. */
  isPublic?: (address: string) => boolean
}

/** Whose connections are kept apart: those that show the client certificate, and those whose addresses are checked. */
interface Kind {
  isTrusted: boolean
  isChecked: boolean
}

/**
 * The connections to one API, kept open between requests. An admin named its host, so its address may be a private one,
 * though never that of a cloud's metadata; a document named the other origins that tools may have. Threat: one that leads
 * into this machine or its network, also by a name that resolves to such an address the second time only.
 */
export class Dispatchers {
  readonly #options: DispatcherOptions
  readonly #open = new Map<string, Promise<Dispatcher>>()
  #tls: Promise<Tls.SecureContext | undefined> | undefined

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  /** Throws AppError where no connection may be made, or none can be with these settings. */
  for(url: URL, isTrusted: boolean): Promise<Dispatcher> {
    const { place, isPublic = isPublicAddress } = this.#options
    const isChecked = !isTrusted && url.hostname !== new URL(place.base_url).hostname
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isChecked && isIP(host) !== 0 && !isPublic(host)) throw notPublic(url)
    if (isIP(host) !== 0 && isLinkLocalAddress(host)) throw metadataAddress(url)
    const kind = { isTrusted, isChecked }
    const key = JSON.stringify(kind)
    let dispatcher = this.#open.get(key)
    if (dispatcher === undefined) {
      dispatcher = this.#create(kind)
      // The settings stay what they are, but whoever asks next is told so by an error of its own.
      dispatcher.catch(() => this.#open.delete(key))
      this.#open.set(key, dispatcher)
    }
    return dispatcher
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(open.map((opening) => opening.then((dispatcher) => dispatcher.destroy()).catch(() => undefined)))
  }

  async #create({ isTrusted, isChecked }: Kind): Promise<Dispatcher> {
    const { place, connectTimeoutMs, isPublic = isPublicAddress } = this.#options
    // Loaded with the first call: it takes 5 MiB.
    const { Agent, ProxyAgent } = await import('undici')
    const secureContext = await (isTrusted ? (this.#tls ??= this.#secureContext(true)) : this.#secureContext(false))
    const tls = { ...(secureContext && { secureContext }), timeout: connectTimeoutMs }
    const common = { ...KEPT_SOCKETS, allowH2: false }
    if (place.proxy_url !== undefined) {
      // Names are resolved by the proxy, so only addresses can be checked.
      const proxyTls = secureContext && { secureContext: await this.#secureContext(false) }
      return new ProxyAgent({
        ...common,
        uri: place.proxy_url,
        requestTls: tls,
        proxyTls: {
          ...(proxyTls?.secureContext && { secureContext: proxyTls.secureContext }),
          timeout: connectTimeoutMs,
        },
        proxyTunnel: false,
      })
    }
    const permits = isChecked ? isPublic : (address: string) => !isLinkLocalAddress(address)
    return new Agent({ ...common, connect: { ...tls, lookup: checkedLookup(permits, systemLookup) } })
  }

  /** Undefined: as the system has it. */
  async #secureContext(showsCertificate: boolean): Promise<Tls.SecureContext | undefined> {
    const { place, tlsKey } = this.#options
    const cert = showsCertificate ? place.client_certificate : undefined
    if (place.ca === undefined && cert === undefined) return undefined
    const tls = await import('node:tls')
    const context = (options: Parameters<typeof tls.createSecureContext>[0], field: string, what: string) => {
      try {
        return tls.createSecureContext(options)
      } catch (cause) {
        throw fieldError('upstream_invalid', field, `${what}: ${messageOf(cause)}`, cause)
      }
    }
    if (cert !== undefined) {
      context({ cert }, 'rest.client_certificate', 'The client certificate can not be read')
      if (tlsKey === undefined) {
        throw fieldError(
          'upstream_invalid',
          'credentials.tls_key',
          'The client certificate has no key. Add its private key.',
        )
      }
      context({ key: tlsKey }, 'credentials.tls_key', 'The private key can not be read')
      context({ cert, key: tlsKey }, 'credentials.tls_key', 'The private key is not that of the client certificate')
    }
    if (place.ca !== undefined) await checkAuthorities(place.ca)
    return tls.createSecureContext({
      ...(place.ca !== undefined && { ca: [...authoritiesWith(place.ca, tls)] }),
      ...(cert !== undefined && { cert, key: tlsKey }),
    })
  }
}

/** OpenSSL passes over what it can not read. */
async function checkAuthorities(ca: string): Promise<void> {
  const { X509Certificate } = await import('node:crypto')
  const certificates = ca.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  if (certificates.length === 0) throw fieldError('upstream_invalid', 'rest.ca', 'There is no certificate in it.')
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate)
    } catch (cause) {
      const message = `The authority certificate can not be read: ${messageOf(cause)}`
      throw fieldError('upstream_invalid', 'rest.ca', message, cause)
    }
  }
}

function metadataAddress(url: URL): Error {
  const message = `Nothing is asked at ${url.host}: such addresses belong to one link of the network, as the metadata of clouds do.`
  return fieldError('upstream_invalid', 'rest.base_url', message)
}

function notPublic(url: URL): Error {
  const message = `${url.host} is a private or local address that a tool names, not the base URL. Add ${url.origin} to the origins that get the credentials if it belongs to this API.`
  return fieldError('upstream_invalid', 'rest.credential_origins', message)
}
