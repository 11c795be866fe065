/** What went wrong between us and an authorization server. The names of RFC 6749, 4.1.2.1 and 5.2 keep their meaning. */
export type OAuthReason =
  /** Nothing answers there, or not in time. */
  | 'unreachable'
  /** An address that we do not go to: private, or without https. */
  | 'refused_address'
  /** An answer that is not what the protocol asks for. */
  | 'invalid_answer'
  /** Neither the server nor the settings say where one signs in. */
  | 'no_metadata'
  /** The metadata is about another resource (RFC 9728, 3.3). */
  | 'resource_mismatch'
  /** Metadata, or an answer of the browser, of another issuer (RFC 8414, 3.3; RFC 9207). */
  | 'issuer_mismatch'
  /** The server does not say that it checks PKCE with S256. */
  | 'pkce_unsupported'
  /** A client has to be registered by hand. */
  | 'registration_needed'
  | 'registration_refused'
  /** A sign-in that is not known, was used already, or has taken too long. */
  | 'unknown_state'
  /** Settings or credentials that do not fit together. */
  | 'settings'
  | 'access_denied'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  /** Any other error that the server gave a name. */
  | 'server_error'

interface OAuthErrorOptions {
  /** What a person can do about it, in plain words. */
  fix: string
  /** The HTTP status, where it came with one. */
  status?: number
  cause?: unknown
}

/** A failure of OAuth. `message` says what happened, for a person, and holds no secret and nothing of an answer that was not verified. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly reason: OAuthReason
  readonly fix: string
  readonly status: number | undefined

  constructor(reason: OAuthReason, message: string, { fix, status, cause }: OAuthErrorOptions) {
    super(message, { cause })
    this.reason = reason
    this.fix = fix
    this.status = status
  }
}
