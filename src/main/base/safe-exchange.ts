import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Dispatcher } from 'undici'

const REFUSAL = 'it is a private or local address, or is asked for without https.'
const MAX_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const decoders: ReadonlyMap<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = new Map(
  [
    ['gzip', promisify(gunzip)],
    ['deflate', promisify(inflate)],
    ['br', promisify(brotliDecompress)],
  ],
)

/** Whether an IP address may be connected to. */
export type AddressRule = (address: string) => boolean

/** `refused`: not an address that we go to, nothing was sent. `unreachable`: no answer, or not in time. `invalid`: not one that can be used. */
export type ExchangeFailure = 'refused' | 'unreachable' | 'invalid'

/** `message` says why, without the URL's path. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'
  readonly failure: ExchangeFailure
  /** Of the answer, where that is why it cannot be used. */
  readonly status: number | undefined

  constructor(failure: ExchangeFailure, message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options)
    this.failure = failure
    this.status = options.status
  }
}

export interface SafeRequest {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body?: string | undefined
}

export interface SafeExchangeOptions {
  permits: AddressRule
  /** Ends the exchange, reading included. */
  signal: AbortSignal
  /** For the connection alone; everything is up to `signal`. */
  connectTimeoutMs: number
  /** The authorities that are trusted, and what is shown to the server. PEM. */
  tls?: { ca?: string[]; cert?: string; key?: string } | undefined
  lookup?: LookupFunction | undefined
}

/** Its body is read by `readBody`, or not at all. */
export type SafeAnswer = Dispatcher.ResponseData

/**
 * One request over a connection of its own to an address that was checked: a name is resolved once, and the connection
 * goes to exactly what `permits` let pass, whatever the name resolves to next. Redirects are answers like others. Throws
 * ExchangeError, the reason of `signal`, and what `read` throws.
 */
export async function safeExchange<Result>(
  url: URL,
  request: SafeRequest,
  { permits, signal, connectTimeoutMs, tls, lookup = systemLookup }: SafeExchangeOptions,
  read: (answer: SafeAnswer) => Promise<Result> | Result,
): Promise<Result> {
  refuseUrl(url, permits)
  // Loaded when something is fetched: it takes 5 MiB.
  const { Client } = await import('undici')
  // A connection of its own: none that was opened under another rule is used again.
  const client = new Client(url.origin, {
    connect: { ...tls, lookup: checkedLookup(permits, lookup), timeout: connectTimeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  // Not the request alone: one that waits for its connection would wait on.
  const stop = () => void client.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const { method, headers, body } = request
    const path = url.pathname + url.search
    const answer = await client.request({ method, path, headers, body: body ?? null }).catch((cause: unknown) => {
      signal.throwIfAborted()
      const failure = cause instanceof ExchangeError ? cause.failure : 'unreachable'
      throw new ExchangeError(failure, `${url.host} could not be reached: ${reasonOf(cause)}`, { cause })
    })
    // Ended below, read or not.
    answer.body.on('error', () => undefined)
    return await read(answer)
  } finally {
    signal.removeEventListener('abort', stop)
    await client.destroy()
  }
}

/** Runs `work` with a signal that ends it in time. Throws ExchangeError `unreachable` where that was too late. */
export async function within<Result>(
  url: URL,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await work(signal === undefined ? deadline : AbortSignal.any([deadline, signal]))
  } catch (error) {
    signal?.throwIfAborted()
    if (!deadline.aborted) throw error
    const message = `${url.host} did not answer in full within ${timeoutMs} ms.`
    throw new ExchangeError('unreachable', message, { cause: error })
  }
}

function refuseUrl(url: URL, permits: AddressRule): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ExchangeError('refused', `${url.protocol} addresses are not fetched.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new ExchangeError('refused', `The address at ${url.host} has credentials in it.`)
  }
  // A number is never looked up, so it has to be checked here. URL has made one notation of all.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !permits(host)) throw new ExchangeError('refused', `${url.host} is refused: ${REFUSAL}`)
}

/** Resolves, and gives what may be connected to. */
export function checkedLookup(permits: AddressRule, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) {
        callback(error, [])
        return
      }
      const permitted = (found as LookupAddress[]).filter(({ address }) => permits(address))
      const [first] = permitted
      if (first === undefined) callback(new ExchangeError('refused', REFUSAL), [])
      else if (options.all === true) callback(null, permitted)
      else callback(null, first.address, first.family)
    })
  }
}

/** Several addresses that all fail are one error without words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}

/** Where an answer leads on to; undefined: it does not. */
export function redirectOf({ statusCode, headers }: SafeAnswer, from: URL): URL | undefined {
  if (!REDIRECTS.has(statusCode)) return undefined
  const { location } = headers
  if (typeof location === 'string' && URL.canParse(location, from.href)) return new URL(location, from)
  throw new ExchangeError('invalid', `${from.host} answered ${statusCode} without an address to go on to.`)
}

/**
 * Asks `url`, and then where each answer leads, three times at most. `isOwn`: it is of the same origin as `url`; others get
 * no credentials.
 */
export async function alongRedirects<Result>(
  url: URL,
  ask: (url: URL, isOwn: boolean) => Promise<Result | URL>,
): Promise<Result> {
  let target = url
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await ask(target, target.origin === url.origin)
    if (!(answer instanceof URL)) return answer
    target = answer
  }
  throw new ExchangeError('invalid', `${url.host} redirects more than ${MAX_REDIRECTS} times.`)
}

/** The body, unpacked; at most `maxBytes` of it, as it is sent and unpacked. */
export async function readBody({ headers, body }: SafeAnswer, { host }: URL, maxBytes: number): Promise<Buffer> {
  const encoding = headers['content-encoding'] ?? 'identity'
  const decode = decoders.get(String(encoding).toLowerCase())
  if (decode === undefined && encoding !== 'identity') {
    throw new ExchangeError('invalid', `${host} sends what cannot be unpacked.`)
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new ExchangeError('invalid', `${host} sends more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (decode === undefined || bytes.length === 0) return bytes
  try {
    return await decode(bytes, { maxOutputLength: maxBytes })
  } catch (cause) {
    throw new ExchangeError('invalid', `${host} sends what cannot be unpacked within ${maxBytes} bytes.`, { cause })
  }
}
