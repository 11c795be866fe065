import { OAuthUrl } from '../../shared/contract/oauth.ts'
import { OAuthError, type OAuthReason } from './oauth-error.ts'
import {
  askForDocument,
  isAttempt,
  stringsOf,
  triedText,
  type Attempt,
  type MetadataOptions,
} from './metadata-document.ts'
import type { ServerFacts } from './records.ts'
import { pathOf } from './resource-uri.ts'

const OAUTH = '/.well-known/oauth-authorization-server'
const OPENID = '/.well-known/openid-configuration'

/** Secrets go there, or a person: an address that may not be used spoils the document. */
const NEEDED = ['authorization_endpoint', 'token_endpoint', 'registration_endpoint'] as const
/** One does without these. */
const OPTIONAL = ['revocation_endpoint', 'jwks_uri'] as const
const LISTS = [
  'scopes_supported',
  'code_challenge_methods_supported',
  'grant_types_supported',
  'token_endpoint_auth_methods_supported',
] as const
const FLAGS = ['authorization_response_iss_parameter_supported', 'client_id_metadata_document_supported'] as const

export interface ServerSearch {
  found: ServerFacts | undefined
  attempts: Attempt[]
}

/**
 * Asks at the well-known addresses of an issuer in their order (RFC 8414, 3; OpenID Connect Discovery, 4), until a
 * document is of this very issuer (RFC 8414, 3.3). A slash alone behind the host is the one difference that is let
 * pass, as both are the same address (RFC 3986, 6.2.3) and many servers write the one here and the other there; what
 * the document says counts from then on. Throws OAuthError `refused_address` for what can be no issuer.
 */
export async function searchAuthorizationServer(issuer: string, options: MetadataOptions): Promise<ServerSearch> {
  const attempts: Attempt[] = []
  for (const address of addressesOf(issuer)) {
    const document = await askForDocument(address, options)
    const facts = isAttempt(document) ? document : factsOf(document, issuer, address)
    if (!('note' in facts)) return { found: facts, attempts }
    attempts.push(facts)
  }
  return { found: undefined, attempts }
}

/** The same, for an issuer that somebody named: there has to be such a document. */
export async function findAuthorizationServer(issuer: string, options: MetadataOptions): Promise<ServerFacts> {
  const { found, attempts } = await searchAuthorizationServer(issuer, options)
  if (found === undefined) throw notFound(issuer, attempts)
  return found
}

function addressesOf(issuer: string): URL[] {
  if (!OAuthUrl.safeParse(issuer).success || /[?#]/.test(issuer)) {
    const message = 'The server names a place to sign in that is no https address.'
    const fix = 'Tell whoever runs the server. If you know where one signs in, type it as the issuer.'
    throw new OAuthError('refused_address', message, { fix })
  }
  const url = new URL(issuer)
  const path = pathOf(url)
  const paths = path === '' ? [OAUTH, OPENID] : [OAUTH + path, OPENID + path, path + OPENID]
  return paths.map((each) => new URL(each, url.origin))
}

function factsOf(document: Record<string, unknown>, issuer: string, address: URL): ServerFacts | Attempt {
  const refused = (reason: OAuthReason, note: string): Attempt => ({ address, reason, note })
  if (typeof document.issuer !== 'string' || withoutRoot(document.issuer) !== withoutRoot(issuer)) {
    return refused('issuer_mismatch', 'is of another issuer')
  }
  const facts: Record<string, unknown> = { issuer: document.issuer }
  for (const name of NEEDED) {
    const endpoint = document[name]
    if (endpoint === undefined || endpoint === null) continue
    if (!isEndpoint(endpoint)) return refused('refused_address', `names a ${name} that is no https address`)
    facts[name] = endpoint
  }
  if (facts.token_endpoint === undefined) return refused('invalid_answer', 'names no token_endpoint')
  for (const name of OPTIONAL) if (isEndpoint(document[name])) facts[name] = document[name]
  for (const name of LISTS) {
    const strings = stringsOf(document[name])
    if (strings !== undefined) facts[name] = strings
  }
  for (const name of FLAGS) if (typeof document[name] === 'boolean') facts[name] = document[name]
  return facts as unknown as ServerFacts
}

function isEndpoint(value: unknown): boolean {
  // URL would take control characters out without a word.
  return typeof value === 'string' && !/[\s\p{Cc}]/u.test(value) && OAuthUrl.safeParse(value).success
}

/** `https://host/` as `https://host`. */
function withoutRoot(issuer: string): string {
  return issuer.replace(/^(https?:\/\/[^/?#]+)\/$/, '$1')
}

/** It is for programs alone. */
export function noSignInPage(issuer: string): OAuthError {
  const message = `${new URL(issuer).host} has no page where a person signs in.`
  const fix = 'If it is for programs, choose client credentials as the grant type.'
  return new OAuthError('no_metadata', message, { fix })
}

function notFound(issuer: string, attempts: Attempt[]): OAuthError {
  const { host } = new URL(issuer)
  const tried = triedText(attempts)
  const cause = attempts.find((attempt) => attempt.cause !== undefined)?.cause
  const of = (reason: OAuthReason) => attempts.some((attempt) => attempt.reason === reason)
  const fail = (reason: OAuthReason, message: string, fix: string) =>
    new OAuthError(reason, `${message}${tried}`, { fix, cause })
  if (of('issuer_mismatch')) {
    const fix =
      'Check the issuer in the OAuth settings; it has to be written exactly as its server does. If it was not typed, tell whoever runs the server.'
    return fail('issuer_mismatch', `${host} answers with the metadata of another issuer.`, fix)
  }
  if (of('refused_address')) {
    const fix = `If ${host} is yours, type its addresses in the OAuth settings; https, or http on this machine.`
    return fail('refused_address', `The sign-in of ${host} leads to an address that is not asked.`, fix)
  }
  if (attempts.every(({ reason }) => reason === 'unreachable')) {
    const fix = `Check that ${host} runs and that this machine can reach it, then try again.`
    return fail('unreachable', `${host}, where one signs in, does not answer.`, fix)
  }
  const fix =
    'Type the authorization and token URL in the OAuth settings, or ask whoever runs the server for the right issuer.'
  const reason = of('invalid_answer') ? 'invalid_answer' : 'no_metadata'
  return fail(reason, `${host} does not say how one signs in.`, fix)
}
