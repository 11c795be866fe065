import { MAX_DOCUMENT_BYTES } from '../../../../shared/contract/words.ts'
import { AppError } from '../../../base/app-error.ts'
import { messageOf } from '../../../base/message-of.ts'
import { ExchangeError } from '../../../base/safe-exchange.ts'
import { safeFetch, type SafeFetchOptions } from '../../../base/safe-fetch.ts'
import type { TokenSource } from '../../../upstream/token-source.ts'
import type { RestSecrets } from '../../../upstream/upstream.ts'
import { authoritiesWith } from '../../client/authorities.ts'

const TIMEOUT_MS = 30_000
const ACCEPT = 'application/json, application/yaml, application/openapi+json, text/yaml, */*;q=0.5'

/** Headers that say how this request is made, whatever the calls of the API have there. */
const OF_THE_REQUEST = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
])

/** The API that the document is of: its credentials are for its own origin alone. */
export interface DocumentAccess {
  rest: {
    base_url: string
    headers: Readonly<Record<string, string>>
    ca?: string | undefined
    client_certificate?: string | undefined
  }
  secrets: RestSecrets
}

/**
 * Gets a document from where an admin said that it is, also inside a company. Threat: a redirect into this machine or its
 * network, or to somebody who would like the credentials. Throws `invalid_input` for the field `url`, and what
 * `TokenSource.renew` does where the document needs a token.
 */
export async function fetchDocument(
  address: string,
  access: DocumentAccess | undefined,
  signal: AbortSignal,
  options: Pick<SafeFetchOptions, 'lookup' | 'isPublic'> = {},
): Promise<string> {
  const url = new URL(address)
  const own = isOwn(url, access) ? access : undefined
  const sent = own && (await credentialsFor(url, own))
  const get = (authorization: string | undefined) =>
    safeFetch(url, {
      ...options,
      headers: { ...sent?.headers, ...(authorization !== undefined && { authorization }) },
      ...(sent && { tls: sent.tls }),
      maxBytes: MAX_DOCUMENT_BYTES,
      timeoutMs: TIMEOUT_MS,
      accept: ACCEPT,
      signal,
      privateOrigin: url.origin,
      privateHttp: true,
    })
  try {
    const bytes = await withToken(own?.secrets.token, get)
    return bytes.toString('utf8')
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof AppError) throw cause
    const message = `The document could not be fetched: ${messageOf(cause)}`
    throw new AppError('invalid_input', { message, details: [{ path: 'url', message }], cause })
  }
}

/** Gets with a token that holds, and once more with another one where it was refused. */
async function withToken<Result>(
  token: TokenSource | undefined,
  get: (authorization: string | undefined) => Promise<Result>,
): Promise<Result> {
  if (token === undefined) return get(undefined)
  const authorization = token.current() ?? (await token.renew())
  try {
    return await get(authorization)
  } catch (error) {
    if (!(error instanceof ExchangeError) || error.status !== 401) throw error
    return await get(await token.renew({ authorization, status: 401, challenge: undefined }))
  }
}

function isOwn(url: URL, access: DocumentAccess | undefined): access is DocumentAccess {
  return (
    access !== undefined && URL.canParse(access.rest.base_url) && new URL(access.rest.base_url).origin === url.origin
  )
}

/** What a request to the API has on it beside a token. Query parameters go onto `url`. */
async function credentialsFor(
  url: URL,
  { rest, secrets }: DocumentAccess,
): Promise<Required<Pick<SafeFetchOptions, 'headers' | 'tls'>>> {
  for (const [name, value] of Object.entries(secrets.query)) url.searchParams.set(name, value)
  const cookies = Object.entries(secrets.cookies).map(([name, value]) => `${name}=${value}`)
  const tls = {
    // Loaded where there is one: the certificates are megabytes.
    ...(rest.ca !== undefined && { ca: authoritiesWith(rest.ca, await import('node:tls')) }),
    ...(secrets.tlsKey !== undefined && { cert: rest.client_certificate, key: secrets.tlsKey }),
  }
  const given = { ...rest.headers, ...secrets.headers, ...(cookies.length > 0 && { cookie: cookies.join('; ') }) }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (!OF_THE_REQUEST.has(name.toLowerCase())) headers[name.toLowerCase()] = value
  }
  return {
    headers,
    tls: tls as NonNullable<SafeFetchOptions['tls']>,
  }
}
