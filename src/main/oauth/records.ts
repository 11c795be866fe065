import type { AuthorizationServer } from 'oauth4webapi'
import type { Registration, TokenEndpointAuthMethod } from '../../shared/contract/oauth.ts'

/** What is kept of a server's metadata (RFC 8414, 2): enough to use a grant without asking again. */
export type ServerFacts = Pick<
  AuthorizationServer,
  | 'issuer'
  | 'authorization_endpoint'
  | 'token_endpoint'
  | 'registration_endpoint'
  | 'revocation_endpoint'
  | 'jwks_uri'
  | 'scopes_supported'
  | 'code_challenge_methods_supported'
  | 'grant_types_supported'
  | 'token_endpoint_auth_methods_supported'
  | 'authorization_response_iss_parameter_supported'
> & {
  /** Of the draft on Client ID Metadata Documents. */
  client_id_metadata_document_supported?: boolean
}

/** A client at one authorization server. It is used with this issuer and with no other. */
export interface OAuthClient {
  issuer: string
  clientId: string
  clientSecret?: string
  method: TokenEndpointAuthMethod
  registration: Registration
  /** Those that it was registered with; empty: not known, a person did it. */
  redirectUris: string[]
  /** ISO 8601: until when the secret holds (RFC 7591, 3.2.1). */
  secretExpiresAt?: string
}

/** What an authorization server granted. */
export interface OAuthGrant {
  server: ServerFacts
  clientId: string
  accessToken: string
  refreshToken?: string
  /** ISO 8601, by our own clock. Left out: the server did not say. */
  expiresAt?: string
  /** ISO 8601: when this access token came. */
  obtainedAt: string
  /** ISO 8601: when a person signed in last, or the first token of a client came. */
  signedInAt: string
  /** What was granted: what the answer says, else what was asked for. */
  scopes: string[]
  /** As it was sent (RFC 8707), to be sent again at each refresh. */
  resource?: string
  /** What the resource asked for beyond `scopes` (RFC 6750, 3.1): the next sign-in asks for it. */
  missingScopes?: string[]
  /** A person was told that it will end soon. */
  warned?: boolean
  /** It does not hold any more, and why, for a person. Its tokens are gone then: `accessToken` is empty. */
  ended?: { code: string; message: string }
}

/** A sign-in that waits for the browser: all that its answer is checked against. Used once. */
export interface PendingAuthorization {
  state: string
  codeVerifier: string
  /** OpenID Connect: the scopes had `openid`. */
  nonce?: string
  server: ServerFacts
  client: OAuthClient
  redirectUri: string
  /** Those that were asked for. */
  scopes: string[]
  resource?: string
  /** ISO 8601, ten minutes after it began. */
  expiresAt: string
  /** What the browser opens. */
  authorizationUrl: string
}

/** Everything about one integration that outlives the process. */
export interface OAuthRecords {
  client?: OAuthClient | undefined
  grant?: OAuthGrant | undefined
  pending?: PendingAuthorization | undefined
}
