import { OAuthError } from './oauth-error.ts'
import {
  askForDocument,
  isAttempt,
  stringsOf,
  triedText,
  type Attempt,
  type MetadataOptions,
} from './metadata-document.ts'
import { namedScopes } from './named-scopes.ts'
import { coversResource, pathOf } from './resource-uri.ts'

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** What counts of the metadata of a protected resource (RFC 9728, 2). */
export interface ProtectedResource {
  /** As it is written there: its authorization servers know it by this. */
  resource: string
  /** As they are written there: they may be anything. */
  issuers: string[]
  scopes: string[] | undefined
}

/**
 * Asks where the challenge says, then at the well-known address with the server's path, then at the root. Undefined:
 * there is no such document anywhere. Throws OAuthError `resource_mismatch` where one is about another resource.
 */
export async function findProtectedResource(
  url: URL,
  { metadataUrl, ...options }: MetadataOptions & { metadataUrl: string | undefined },
): Promise<{ found: ProtectedResource | undefined; attempts: Attempt[] }> {
  const attempts: Attempt[] = []
  for (const address of addressesOf(url, metadataUrl)) {
    const document = await askForDocument(address, options)
    if (isAttempt(document)) {
      attempts.push(document)
      continue
    }
    const { resource } = document
    if (typeof resource !== 'string') {
      attempts.push({ address, reason: 'invalid_answer', note: 'does not say which resource it is about' })
      continue
    }
    if (!coversResource(resource, url)) throw mismatch(address, url, attempts)
    const issuers = stringsOf(document.authorization_servers) ?? []
    const scopes = stringsOf(document.scopes_supported)
    return { found: { resource, issuers, scopes: scopes && namedScopes(scopes) }, attempts }
  }
  return { found: undefined, attempts }
}

function addressesOf(url: URL, metadataUrl: string | undefined): URL[] {
  const named = metadataUrl !== undefined && URL.canParse(metadataUrl) ? [new URL(metadataUrl)] : []
  const path = pathOf(url)
  const inserted = path === '' ? [] : [new URL(WELL_KNOWN + path + url.search, url.origin)]
  const addresses = [...named, ...inserted, new URL(WELL_KNOWN, url.origin)]
  const first = new Map(addresses.reverse().map((address) => [address.href, address]))
  return [...first.values()].reverse()
}

function mismatch(address: URL, url: URL, attempts: Attempt[]): OAuthError {
  const message = `${address.host} says where to sign in for another address than ${url.origin}${url.pathname}.`
  const fix =
    'Check the URL of the integration. If it is right, its server is set up for another address: tell whoever runs it.'
  return new OAuthError('resource_mismatch', message + triedText(attempts), { fix })
}
