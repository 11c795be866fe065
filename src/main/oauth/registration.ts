import {
  dynamicClientRegistrationRequest,
  OperationProcessingError,
  processDynamicClientRegistrationResponse,
  ResponseBodyError,
} from 'oauth4webapi'
import { TokenEndpointAuthMethod } from '../../shared/contract/oauth.ts'
import { isAt, ownUri } from './callback-uri.ts'
import { methodOfRegistered, methodOfSecret, methodToRegister } from './client-auth.ts'
import type { FoundServer } from './found-server.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import { publicJwkOf } from './private-key.ts'
import type { OAuthClient, ServerFacts } from './records.ts'
import { registrationAnswer } from './token-answer.ts'
import { hostOf, throwIfTroubled, wordsOfServer } from './token-errors.ts'
import { wiring } from './token-requests.ts'

/** RFC 6749, appendix A.1, as long as one that a person types. */
const CLIENT_ID = /^[\x20-\x7e]{1,2048}$/
/** The end of the year 9999. Beyond it a server means "for good", and dates end somewhere. */
const LAST_SECOND = 253_402_300_799

export interface ClientOptions {
  /** That of an earlier sign-in, of whatever server. */
  stored: OAuthClient | undefined
  /** The plain one: a client that we register has its own below it. */
  redirectUri: string
  fetch: OAuthFetch
  /** Milliseconds since 1970. Default: the clock of this machine. */
  now?: () => number
}

/**
 * The client to be at this server: one that a person registered, a Client ID Metadata Document, the one that we registered
 * earlier, or a new registration (RFC 7591), in this order. Throws OAuthError `registration_needed`, `registration_refused`,
 * `issuer_mismatch` or `settings`.
 */
export async function clientFor(found: FoundServer, target: OAuthTarget, options: ClientOptions): Promise<OAuthClient> {
  const { server } = found
  const { settings } = target
  const preRegistered = preRegisteredClient(found, target, options.stored)
  if (preRegistered !== undefined) return preRegistered

  const isSignIn = settings.grant_type === 'authorization_code'
  const document = settings.client_metadata_url
  if (isSignIn && document !== undefined && server.client_id_metadata_document_supported === true) {
    // A document is public, so it can have a key and never a shared secret.
    const method = settings.token_endpoint_auth_method === 'private_key_jwt' ? 'private_key_jwt' : 'none'
    const registration = 'metadata_document'
    return { issuer: server.issuer, clientId: document, method, registration, redirectUris: [options.redirectUri] }
  }
  const known = usableClient(server, target, options)
  if (known !== undefined) return known
  if (server.registration_endpoint === undefined) throw registrationNeeded(server, target, options.redirectUri)
  return await register(server, target, options)
}

function preRegisteredClient(
  { server }: FoundServer,
  target: OAuthTarget,
  stored: OAuthClient | undefined,
): OAuthClient | undefined {
  const { settings, credentials } = target
  const clientId = settings.client_id ?? credentials.clientId
  if (clientId === undefined) return undefined
  const { issuer } = server
  const isOfAnother =
    stored?.registration === 'pre_registered' && stored.clientId === clientId && stored.issuer !== issuer
  // Whoever controls the resource's metadata could name an issuer of theirs, and would be given the secret.
  if (isOfAnother && settings.issuer === undefined && settings.token_url === undefined) {
    const message = `The client ID belongs to ${hostOf(stored.issuer)}, and the server now says that one signs in at ${hostOf(issuer)}.`
    const fix = `If that is right, enter ${issuer} as the issuer in the OAuth settings, and a client that is registered there.`
    throw new OAuthError('issuer_mismatch', message, { fix })
  }
  const method = methodOfRegistered(server, target)
  const { clientSecret } = credentials
  return {
    issuer,
    clientId,
    ...(clientSecret !== undefined && method.startsWith('client_secret_') && { clientSecret }),
    method,
    registration: 'pre_registered',
    redirectUris: [],
  }
}

/** Of the same issuer, with this redirect URI or one below it, and with a secret that still holds. */
function usableClient(
  { issuer }: ServerFacts,
  { settings }: OAuthTarget,
  { stored, redirectUri, now = Date.now }: ClientOptions,
): OAuthClient | undefined {
  if (stored?.registration !== 'dynamic' || stored.issuer !== issuer) return undefined
  if (stored.secretExpiresAt !== undefined && Date.parse(stored.secretExpiresAt) <= now()) return undefined
  const isReached =
    settings.grant_type === 'client_credentials' || stored.redirectUris.some((uri) => isAt(uri, redirectUri))
  return isReached ? stored : undefined
}

async function register(
  server: ServerFacts,
  target: OAuthTarget,
  { redirectUri, fetch }: ClientOptions,
): Promise<OAuthClient> {
  const { issuer } = server
  const isSignIn = target.settings.grant_type === 'authorization_code'
  const asked = methodToRegister(server, target)
  const { privateKey } = target.credentials
  const metadata = {
    client_name: 'Gatehouse',
    application_type: 'native',
    grant_types: isSignIn ? ['authorization_code', 'refresh_token'] : ['client_credentials'],
    response_types: isSignIn ? ['code'] : [],
    redirect_uris: isSignIn ? [ownUri(redirectUri)] : [],
    token_endpoint_auth_method: asked,
    ...(asked === 'private_key_jwt' && privateKey !== undefined && { jwks: { keys: [publicJwkOf(privateKey)] } }),
  }
  const answer = await answerTo(server, target, { metadata, redirectUri, fetch })
  const { client_id: clientId, client_secret: clientSecret, client_secret_expires_at: expires } = answer
  const method = methodGiven(answer.token_endpoint_auth_method, {
    asked,
    server,
    hasSecret: clientSecret !== undefined,
  })
  return {
    issuer,
    clientId,
    ...(typeof clientSecret === 'string' && method.startsWith('client_secret_') && { clientSecret }),
    method,
    registration: 'dynamic',
    redirectUris: metadata.redirect_uris,
    ...secretEnd(expires),
  }
}

function secretEnd(expires: unknown): Pick<OAuthClient, 'secretExpiresAt'> {
  if (typeof expires !== 'number' || expires <= 0 || expires > LAST_SECOND) return {}
  return { secretExpiresAt: new Date(expires * 1000).toISOString() }
}

interface Registration {
  metadata: { token_endpoint_auth_method: string; redirect_uris: string[] }
  redirectUri: string
  fetch: OAuthFetch
}

async function answerTo(server: ServerFacts, target: OAuthTarget, { metadata, redirectUri, fetch }: Registration) {
  const { issuer } = server
  const refused = (error: string | undefined, words: string, status: number | undefined) => {
    const said = words === '' ? '' : ` It says: “${words}”.`
    const message = `${hostOf(issuer)} does not let Gatehouse register itself as a client.${said}`
    const isAboutRedirect = error === 'invalid_redirect_uri'
    const other = isAboutRedirect ? 'Choose the other kind of redirect in the OAuth settings, or: ' : ''
    const fix = other + howToRegister(server, target, redirectUri)
    return new OAuthError('registration_refused', message, { fix, ...(status !== undefined && { status }) })
  }
  try {
    const response = await dynamicClientRegistrationRequest(server, metadata, wiring(fetch))
    throwIfTroubled(response, issuer)
    const answer = await processDynamicClientRegistrationResponse(await registrationAnswer(response))
    if (!CLIENT_ID.test(answer.client_id)) throw refused(undefined, '', undefined)
    return answer
  } catch (error) {
    // Neither is passed on: they carry the answer, with a secret in it.
    if (error instanceof ResponseBodyError) {
      throw refused(error.error, wordsOfServer(error.error_description ?? ''), error.status)
    }
    if (error instanceof OperationProcessingError) throw refused(undefined, '', undefined)
    throw error
  }
}

/** A server may give another method than was asked for (RFC 7591, 3.2.1). */
function methodGiven(
  given: unknown,
  { asked, server, hasSecret }: { asked: TokenEndpointAuthMethod; server: ServerFacts; hasSecret: boolean },
): TokenEndpointAuthMethod {
  const { data: method } = TokenEndpointAuthMethod.safeParse(given)
  if (method !== undefined && (hasSecret || !method.startsWith('client_secret_'))) return method
  return hasSecret ? methodOfSecret(server) : asked === 'private_key_jwt' ? asked : 'none'
}

function registrationNeeded(server: ServerFacts, target: OAuthTarget, redirectUri: string): OAuthError {
  const message = `${hostOf(server.issuer)} wants each client to be registered by hand.`
  return new OAuthError('registration_needed', message, { fix: howToRegister(server, target, redirectUri) })
}

function howToRegister({ issuer }: ServerFacts, { settings }: OAuthTarget, redirectUri: string): string {
  return settings.grant_type === 'authorization_code'
    ? `Register a client at ${hostOf(issuer)}, as a native or desktop application, with the redirect URI ${redirectUri}, and enter its client ID in the OAuth settings of the integration.`
    : `Register a client at ${hostOf(issuer)} for client credentials, and enter its ID and secret in the OAuth settings of the integration.`
}
