import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { isLinkLocalAddress, isLoopbackAddress, isPublicAddress } from './public-address.ts'

const MAX_REDIRECTS = 3
const REFUSAL = 'it is a private or local address, or is asked for without https.'
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const decoders: ReadonlyMap<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = new Map(
  [
    ['gzip', promisify(gunzip)],
    ['deflate', promisify(inflate)],
    ['br', promisify(brotliDecompress)],
  ],
)

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
  tls?: { ca?: string[]; cert?: string; key?: string }
  lookup?: LookupFunction
  isPublic?: (address: string) => boolean
}

/**
 * Gets what a URL leads to that somebody else wrote. Threat: an address inside this machine or its network, written
 * plainly, in another notation, as a name that resolves to it now or the second time, or as the target of a redirect.
 * So a name is resolved once, its addresses are checked, and the connection goes to exactly these. Nothing is sent that
 * identifies anybody, but for `headers`. Throws with a sentence that says why, without the URL's path.
 */
export async function safeFetch(url: URL, options: SafeFetchOptions): Promise<Buffer> {
  const deadline = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
  try {
    let target = url
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await fetchOnce(target, target.origin === url.origin ? options : withoutOwn(options), signal)
      if (!(answer instanceof URL)) return answer
      target = answer
    }
    throw new Error(`${url.host} redirects more than ${MAX_REDIRECTS} times.`)
  } catch (error) {
    if (!deadline.aborted) throw error
    throw new Error(`${url.host} did not answer in full within ${options.timeoutMs} ms.`, { cause: error })
  }
}

function withoutOwn({ headers: _headers, tls: _tls, ...options }: SafeFetchOptions): SafeFetchOptions {
  return options
}

/** The body, or where it is redirected to. */
async function fetchOnce(url: URL, options: SafeFetchOptions, signal: AbortSignal): Promise<Buffer | URL> {
  const permits = addressRule(url, options)
  refuseUrl(url, permits)
  // Loaded when something is fetched: it takes 5 MiB.
  const { Client } = await import('undici')
  // A connection of its own: none that was opened under another rule is used again.
  const client = new Client(url.origin, {
    connect: {
      ...options.tls,
      lookup: checkedLookup(permits, options.lookup ?? systemLookup),
      timeout: options.timeoutMs,
    },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  // Not the request alone: one that waits for its connection would wait on.
  const stop = () => void client.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const headers = { ...options.headers, accept: options.accept, 'accept-encoding': 'gzip, br' }
    const path = url.pathname + url.search
    const answer = await client.request({ method: 'GET', path, headers }).catch((cause: unknown) => {
      throw new Error(`${url.host} could not be reached: ${reasonOf(cause)}`, { cause })
    })
    // Ended below, read or not.
    answer.body.on('error', () => undefined)
    return redirectOf(answer, url) ?? (await bodyOf(answer, url, options.maxBytes))
  } finally {
    signal.removeEventListener('abort', stop)
    await client.destroy()
  }
}

type AddressRule = (address: string) => boolean

function addressRule(url: URL, options: SafeFetchOptions): AddressRule {
  const { privateOrigin, privateHttp = false, isPublic = isPublicAddress } = options
  const isNamed = url.origin === privateOrigin
  if (url.protocol === 'https:') {
    return (address) => (isNamed && !isLinkLocalAddress(address)) || isPublic(address)
  }
  const mayBePlain = privateHttp ? (address: string) => !isLinkLocalAddress(address) : isLoopbackAddress
  return (address) => isNamed && mayBePlain(address)
}

function refuseUrl(url: URL, permits: AddressRule): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Error(`${url.protocol} addresses are not fetched.`)
  if (url.username !== '' || url.password !== '') throw new Error(`The address at ${url.host} has credentials in it.`)
  // A number is never looked up, so it has to be checked here. URL has made one notation of all.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !permits(host)) throw new Error(`${url.host} is refused: ${REFUSAL}`)
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
      if (first === undefined) callback(new Error(REFUSAL), [])
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

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  if (!REDIRECTS.has(statusCode)) return undefined
  const { location } = headers
  if (typeof location === 'string' && URL.canParse(location, from.href)) return new URL(location, from)
  throw new Error(`${from.host} answered ${statusCode} without an address to go on to.`)
}

async function bodyOf(answer: Dispatcher.ResponseData, { host }: URL, maxBytes: number): Promise<Buffer> {
  const { statusCode, headers, body } = answer
  if (statusCode !== 200) throw new Error(`${host} answered ${statusCode}.`)
  const encoding = headers['content-encoding'] ?? 'identity'
  const decode = decoders.get(String(encoding).toLowerCase())
  if (decode === undefined && encoding !== 'identity') throw new Error(`${host} sends what cannot be unpacked.`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`${host} sends more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (decode === undefined) return bytes
  try {
    return await decode(bytes, { maxOutputLength: maxBytes })
  } catch (cause) {
    throw new Error(`${host} sends what cannot be unpacked within ${maxBytes} bytes.`, { cause })
  }
}
