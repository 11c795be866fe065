import type { LookupFunction } from 'node:net'
import { isLinkLocalAddress, isLoopbackAddress, isPrivateAddress, isPublicAddress } from '../base/public-address.ts'
import {
  alongRedirects,
  ExchangeError,
  readBody,
  redirectOf,
  safeExchange,
  within,
  type AddressRule,
  type SafeAnswer,
} from '../base/safe-exchange.ts'
import { neighbourhoodOf, type Neighbourhood } from './neighbourhood.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthTarget } from './oauth-target.ts'

const MAX_BYTES = 1024 * 1024
const TIMEOUT_MS = 10_000
/** Codes that `Response` takes no body with. */
const WITHOUT_BODY = new Set([204, 205, 304])
/** They say how this one answer was sent, which is over when it has been read. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'transfer-encoding',
])
/** Not sent on to another origin. */
const CREDENTIALS = new Set(['authorization', 'cookie', 'dpop'])

/** What oauth4webapi gives its `customFetch`. */
export interface OAuthRequest {
  method: string
  headers: Record<string, string>
  body?: URLSearchParams | string | undefined
  signal?: AbortSignal | undefined
}

/**
 * The `customFetch` of oauth4webapi. Throws OAuthError `unreachable`, `refused_address` or `invalid_answer`, or the
 * reason of the signal. The body of a stream of events is not read.
 */
export type OAuthFetch = (url: string, request: OAuthRequest) => Promise<Response>

/** One request and its answer as they were, secrets included: for whoever masks them. */
export interface OAuthExchange {
  method: string
  url: URL
  requestHeaders: Readonly<Record<string, string>>
  requestBody: string
  /** Undefined: no answer came, `error` says why. */
  status: number | undefined
  responseHeaders: Headers
  responseBody: string
  error: Error | undefined
  durationMs: number
}

export interface OAuthFetchOptions {
  /** The integration's own server. What is in the same network as it may be asked as well. */
  own?: URL | undefined
  /** Origins whose addresses may be private ones, because an admin named them. */
  privateOrigins: readonly string[]
  signal?: AbortSignal | undefined
  /** For everything about one request: names, connections, redirects, the body. */
  timeoutMs?: number | undefined
  /** A GET gives the answer that leads on, instead of going along. */
  staysWhereItIs?: boolean | undefined
  onExchange?: ((exchange: OAuthExchange) => void) | undefined
  lookup?: LookupFunction | undefined
  isPublic?: AddressRule | undefined
}

/** The fetch for one integration, by the rule of addresses that its settings give. */
export function oauthFetchFor(
  target: Pick<OAuthTarget, 'url' | 'settings'>,
  options: Omit<OAuthFetchOptions, 'own' | 'privateOrigins'> = {},
): OAuthFetch {
  const { issuer, authorization_url, token_url, revocation_url } = target.settings
  const typed = [issuer, authorization_url, token_url, revocation_url].filter((address) => address !== undefined)
  const privateOrigins = [target.url.origin, ...typed.map((address) => new URL(address).origin)]
  return oauthFetch({ ...options, own: target.url, privateOrigins })
}

/**
 * Threat: a server, or metadata that it leads to, names an address inside this machine or its network, to have it asked
 * from here. The rule: https, or http on this machine; addresses of the internet; others only at origins that an admin
 * named, or, where the integration's own server is in the same place, next to it: a server of this machine may name
 * others of this machine and its network, one of a private network others of a private network, one of the internet none.
 * Link-local addresses never. A GET goes along at most three redirects, by the same rule and without credentials for
 * another origin; a POST along none.
 */
export function oauthFetch(options: OAuthFetchOptions): OAuthFetch {
  const { own, signal: outer, timeoutMs = TIMEOUT_MS, lookup, isPublic = isPublicAddress } = options
  let neighbourhood: Promise<Neighbourhood> | undefined

  const exchange = async (url: URL, request: OAuthRequest, signal: AbortSignal): Promise<Response | URL> => {
    const isNamed = options.privateOrigins.includes(url.origin)
    const ask = (reach: Neighbourhood, isLast: boolean) => {
      const permits = addressRule(url, { isNamed, reach, isPublic })
      return askOnce(url, request, { ...options, permits, signal, timeoutMs, isLast })
    }
    if (own === undefined) return ask('internet', true)
    try {
      return await ask('internet', false)
    } catch (error) {
      if (!(error instanceof ExchangeError) || error.failure !== 'refused') throw error
      // Nothing was sent. Only now is it worth a connection to know where the integration's own server is.
      neighbourhood ??= neighbourhoodOf(own, { lookup, signal, timeoutMs })
      return await ask(await neighbourhood, true)
    }
  }

  return async (address, request) => {
    const url = new URL(address)
    const signals = [outer, request.signal].filter((signal) => signal !== undefined)
    const signal = signals.length === 0 ? undefined : AbortSignal.any(signals)
    try {
      return await within(url, { timeoutMs, signal }, (ending) =>
        alongRedirects(url, (target, isOwn) => exchange(target, isOwn ? request : withoutCredentials(request), ending)),
      )
    } catch (error) {
      throw error instanceof ExchangeError ? oauthErrorOf(error, url) : error
    }
  }
}

interface AskOptions extends OAuthFetchOptions {
  permits: AddressRule
  signal: AbortSignal
  timeoutMs: number
  /** A refusal stands, and is told. */
  isLast: boolean
}

async function askOnce(url: URL, request: OAuthRequest, options: AskOptions): Promise<Response | URL> {
  const { permits, signal, timeoutMs, lookup, onExchange, staysWhereItIs = false, isLast } = options
  const method = request.method === 'POST' ? 'POST' : 'GET'
  const body = request.body?.toString()
  const headers = {
    ...(request.body instanceof URLSearchParams && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...request.headers,
    'accept-encoding': 'gzip, br',
  }
  const started = performance.now()
  const tell = (answer: { response?: Response; text?: string; error?: Error }) =>
    onExchange?.({
      method,
      url,
      requestHeaders: headers,
      requestBody: body ?? '',
      status: answer.response?.status,
      responseHeaders: answer.response?.headers ?? new Headers(),
      responseBody: answer.text ?? '',
      error: answer.error,
      durationMs: performance.now() - started,
    })
  try {
    const exchange = { permits, signal, connectTimeoutMs: timeoutMs, lookup }
    return await safeExchange(url, { method, headers, body }, exchange, async (answer) => {
      const bytes = isEventStream(answer) ? Buffer.alloc(0) : await readBody(answer, url, MAX_BYTES)
      const response = responseOf(answer, bytes, url)
      const target = method === 'GET' && !staysWhereItIs ? redirectOf(answer, url) : undefined
      tell({ response, text: bytes.toString('utf8') })
      return target ?? response
    })
  } catch (error) {
    const isRefusal = error instanceof ExchangeError && error.failure === 'refused'
    if (error instanceof Error && (isLast || !isRefusal)) tell({ error })
    throw error
  }
}

function addressRule(
  url: URL,
  { isNamed, reach, isPublic }: { isNamed: boolean; reach: Neighbourhood; isPublic: AddressRule },
): AddressRule {
  const isOnThisMachine = (address: string) => isLoopbackAddress(address) && (isNamed || reach === 'loopback')
  if (url.protocol === 'http:') return isOnThisMachine
  return (address) =>
    isPublic(address) ||
    isOnThisMachine(address) ||
    (isNamed && !isLinkLocalAddress(address)) ||
    (reach !== 'internet' && isPrivateAddress(address))
}

function withoutCredentials(request: OAuthRequest): OAuthRequest {
  const headers = Object.entries(request.headers).filter(([name]) => !CREDENTIALS.has(name.toLowerCase()))
  return { ...request, headers: Object.fromEntries(headers) }
}

function isEventStream({ headers }: SafeAnswer): boolean {
  return String(headers['content-type']).toLowerCase().startsWith('text/event-stream')
}

function responseOf({ statusCode: status, headers: given }: SafeAnswer, bytes: Buffer, { host }: URL): Response {
  if (status < 200 || status > 599) throw new ExchangeError('invalid', `${host} answered ${status}.`)
  const headers = new Headers()
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || OF_THE_CONNECTION.has(name)) continue
    for (const line of Array.isArray(value) ? value : [value]) headers.append(name, line)
  }
  return new Response(WITHOUT_BODY.has(status) ? null : new Uint8Array(bytes), { status, headers })
}

function oauthErrorOf({ failure, message, cause }: ExchangeError, url: URL): OAuthError {
  if (failure === 'refused') {
    const fix =
      url.protocol === 'http:' && !isLoopbackAddress(url.hostname.replace(/^\[|\]$/g, ''))
        ? 'Sign-in needs https. Plain http is only for this machine.'
        : `If ${url.host} is yours, type its address in the OAuth settings of the integration; only then is a private address asked.`
    return new OAuthError('refused_address', message, { fix, cause })
  }
  if (failure === 'unreachable') {
    const fix = `Check that ${url.host} runs and that this machine can reach it, then try again.`
    return new OAuthError('unreachable', message, { fix, cause })
  }
  const fix = `Check that the address is right, or ask whoever runs ${url.host}.`
  return new OAuthError('invalid_answer', message, { fix, cause })
}
