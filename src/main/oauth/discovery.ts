import { OAuthUrl } from '../../shared/contract/oauth.ts'
import { signInChallenge, type SignInChallenge } from '../base/challenge.ts'
import { findAuthorizationServer, noSignInPage, searchAuthorizationServer } from './authorization-server.ts'
import type { FoundServer } from './found-server.ts'
import { triedText, type Attempt, type MetadataOptions } from './metadata-document.ts'
import { namedScopes } from './named-scopes.ts'
import { isThisMachine } from './neighbourhood.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthTarget } from './oauth-target.ts'
import { findProtectedResource, type ProtectedResource } from './protected-resource.ts'
import type { ServerFacts } from './records.ts'
import { resourceUriOf } from './resource-uri.ts'

export interface DiscoverOptions {
  fetch: OAuthFetch
  /** `WWW-Authenticate` of an answer that refused us. */
  challenge?: string | undefined
  /** For each address that may have metadata; the next has its turn then. */
  timeoutMs?: number | undefined
}

/** More than a person could choose among. */
const MAX_ISSUERS = 20
/** Without the metadata of a resource. */
const NOTHING: { found: undefined; attempts: Attempt[] } = { found: undefined, attempts: [] }

/**
 * Where one signs in, and for what (MCP authorization; RFC 9728, 8414). Typed endpoints go first, then a typed issuer,
 * then what the resource says, and without any word of it its own origin. Throws OAuthError whose message lists what
 * was asked.
 */
export async function discover(target: OAuthTarget, options: DiscoverOptions): Promise<FoundServer> {
  const { settings } = target
  const challenge = signInChallenge(options.challenge)
  const wanted = challengedScopes(challenge)
  if (settings.token_url !== undefined) return typedServer(target, wanted)
  const { found: resource, attempts } = await resourceOf(target, challenge, options)
  const { server, source, hasMetadata } = await serverOf(target, resource, attempts, options)
  // Default paths come without metadata, so nothing can be missing in it.
  if (hasMetadata && settings.grant_type === 'authorization_code') checkServer(server, settings)
  const issuers = usableIssuers(resource)
  return {
    server,
    resource: resourceParameter(target, resource),
    scopes: wanted ?? resource?.scopes,
    issuers: issuers.length > 0 ? issuers : [server.issuer],
    source,
  }
}

/** Undefined: it says nothing of them. */
function challengedScopes(challenge: SignInChallenge | undefined): string[] | undefined {
  const scopes = namedScopes(challenge?.scopes ?? [])
  return scopes.length > 0 ? scopes : undefined
}

function usableIssuers(resource: ProtectedResource | undefined): string[] {
  return (resource?.issuers ?? []).filter((issuer) => OAuthUrl.safeParse(issuer).success).slice(0, MAX_ISSUERS)
}

async function resourceOf(
  { url, settings, protocol }: OAuthTarget,
  challenge: SignInChallenge | undefined,
  { fetch, timeoutMs }: DiscoverOptions,
): Promise<{ found: ProtectedResource | undefined; attempts: Attempt[] }> {
  // An admin who says where the sign-in of an API is has said it all.
  if (protocol === 'rest' && settings.issuer !== undefined) return NOTHING
  try {
    return await findProtectedResource(url, { fetch, timeoutMs, metadataUrl: challenge?.resourceMetadata })
  } catch (error) {
    // It is not used, and with an issuer it is not needed either.
    if (error instanceof OAuthError && settings.issuer !== undefined) return NOTHING
    throw error
  }
}

async function serverOf(
  { url, settings, protocol }: OAuthTarget,
  resource: ProtectedResource | undefined,
  attempts: Attempt[],
  options: MetadataOptions,
): Promise<{ server: ServerFacts; source: FoundServer['source']; hasMetadata: boolean }> {
  if (settings.issuer !== undefined) {
    return { server: await findAuthorizationServer(settings.issuer, options), source: 'issuer', hasMetadata: true }
  }
  if (resource !== undefined) {
    // Where none can be used, the first is refused in words.
    const [issuer] = [...usableIssuers(resource), ...resource.issuers]
    if (issuer === undefined) throw noIssuer(url)
    return { server: await findAuthorizationServer(issuer, options), source: 'protected_resource', hasMetadata: true }
  }
  const search = await searchAuthorizationServer(url.origin, options)
  const server = search.found ?? serverAtOrigin(url, protocol, { before: attempts, asked: search.attempts })
  return { server, source: 'origin', hasMetadata: search.found !== undefined }
}

/** The default paths of a server that is its own authorization server (MCP authorization 2025-03-26). */
function serverAtOrigin(
  { origin, host }: URL,
  protocol: OAuthTarget['protocol'],
  { before, asked }: { before: Attempt[]; asked: Attempt[] },
): ServerFacts {
  // Silence is no answer, and a document that may not be used no reason to go on without.
  if (protocol === 'mcp' && asked.every(({ reason }) => reason === 'no_metadata')) {
    return {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
    }
  }
  const attempts = [...before, ...asked]
  const tried = triedText(attempts)
  const cause = attempts.find((attempt) => attempt.cause !== undefined)?.cause
  if (attempts.every(({ reason }) => reason === 'unreachable' || reason === 'refused_address')) {
    const reason = attempts.every((attempt) => attempt.reason === 'refused_address') ? 'refused_address' : 'unreachable'
    const fix =
      reason === 'unreachable'
        ? `Check that ${host} runs and that this machine can reach it, then try again.`
        : 'Sign-in needs https; plain http is only for this machine.'
    throw new OAuthError(reason, `${host} can not be asked where one signs in.${tried}`, { fix, cause })
  }
  const message = `${host} does not say where one signs in.${tried}`
  const fix = 'Type the issuer, or the authorization and token URL, in the OAuth settings of the integration.'
  const isOther = asked.some(({ reason }) => reason === 'issuer_mismatch')
  throw new OAuthError(isOther ? 'issuer_mismatch' : 'no_metadata', message, { fix, cause })
}

function typedServer({ settings, ...target }: OAuthTarget, scopes: string[] | undefined): FoundServer {
  const { authorization_url, token_url = '', revocation_url, issuer = new URL(token_url).origin } = settings
  const server: ServerFacts = {
    issuer,
    token_endpoint: token_url,
    ...(authorization_url !== undefined && { authorization_endpoint: authorization_url }),
    ...(revocation_url !== undefined && { revocation_endpoint: revocation_url }),
  }
  if (authorization_url === undefined && settings.grant_type === 'authorization_code') {
    const message = 'The settings have a token URL, and no authorization URL.'
    throw new OAuthError('settings', message, { fix: 'Type the authorization URL as well, where the browser goes.' })
  }
  return {
    server,
    resource: resourceParameter({ ...target, settings }, undefined),
    scopes,
    issuers: [issuer],
    source: 'typed',
  }
}

function resourceParameter({ url, settings, protocol }: OAuthTarget, resource: ProtectedResource | undefined) {
  return settings.resource ?? resource?.resource ?? (protocol === 'mcp' ? resourceUriOf(url) : undefined)
}

/** What a sign-in by a person needs of the metadata. */
function checkServer(server: ServerFacts, settings: OAuthTarget['settings']): void {
  const { authorization_endpoint: endpoint, issuer } = server
  if (endpoint === undefined) throw noSignInPage(issuer)
  const { host } = new URL(issuer)
  // Threat: the browser is made to ask programs of this machine that trust whoever reaches them.
  if (isThisMachine(new URL(endpoint)) && !isThisMachine(new URL(issuer))) {
    const message = `${host} sends the browser to this machine (${new URL(endpoint).host}). Only a server of this machine may.`
    const fix = `Tell whoever runs ${host}. If you know that one signs in there, type the authorization and token URL in the OAuth settings.`
    throw new OAuthError('refused_address', message, { fix })
  }
  if (settings.allow_unadvertised_pkce) return
  if (server.code_challenge_methods_supported?.includes('S256') === true) return
  const message = `${host} does not say that it protects sign-ins against stolen codes (PKCE with S256).`
  const fix =
    'Ask whoever runs it. If you know that it does, turn on “Allow servers that do not announce PKCE” in the OAuth settings.'
  throw new OAuthError('pkce_unsupported', message, { fix })
}

function noIssuer({ host }: URL): OAuthError {
  const message = `${host} has metadata that does not say where one signs in.`
  const fix = 'Type the issuer in the OAuth settings of the integration, or ask whoever runs the server.'
  return new OAuthError('no_metadata', message, { fix })
}
