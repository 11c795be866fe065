import { MAX_DOCUMENT_BYTES } from '../../../../shared/contract/rest.ts'
import { AppError } from '../../../base/app-error.ts'
import { messageOf } from '../../../base/message-of.ts'
import { safeFetch, type SafeFetchOptions } from '../../../base/safe-fetch.ts'
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
  const { headers, tls } = isOwn(url, access) ? await credentialsFor(url, access) : {}
  try {
    const bytes = await safeFetch(url, {
      ...options,
      ...(headers && { headers }),
      ...(tls && { tls }),
      maxBytes: MAX_DOCUMENT_BYTES,
      timeoutMs: TIMEOUT_MS,
      accept: ACCEPT,
      signal,
      privateOrigin: url.origin,
      privateHttp: true,
    })
    return bytes.toString('utf8')
  } catch (cause) {
    signal.throwIfAborted()
    const message = `The document could not be fetched: ${messageOf(cause)}`
    throw new AppError('invalid_input', { message, details: [{ path: 'url', message }], cause })
  }
}

function isOwn(url: URL, access: DocumentAccess | undefined): access is DocumentAccess {
  return (
    access !== undefined && URL.canParse(access.rest.base_url) && new URL(access.rest.base_url).origin === url.origin
  )
}

/** What a request to the API has on it. Query parameters go onto `url`. */
async function credentialsFor(
  url: URL,
  { rest, secrets }: DocumentAccess,
): Promise<Pick<SafeFetchOptions, 'headers' | 'tls'>> {
  for (const [name, value] of Object.entries(secrets.query)) url.searchParams.set(name, value)
  const cookies = Object.entries(secrets.cookies).map(([name, value]) => `${name}=${value}`)
  const tls = {
    // Loaded where there is one: the certificates are megabytes.
    ...(rest.ca !== undefined && { ca: authoritiesWith(rest.ca, await import('node:tls')) }),
    ...(secrets.tlsKey !== undefined && { cert: rest.client_certificate, key: secrets.tlsKey }),
  }
  const authorization = secrets.token && (secrets.token.current() ?? (await secrets.token.renew()))
  const given = {
    ...rest.headers,
    ...secrets.headers,
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (!OF_THE_REQUEST.has(name.toLowerCase())) headers[name.toLowerCase()] = value
  }
  if (authorization !== undefined) headers.authorization = authorization
  return {
    headers,
    tls: tls as NonNullable<SafeFetchOptions['tls']>,
  }
}
