/** An answer that says that the token which came with the request is not enough (RFC 6750, 3; RFC 9728, 5.1). */
export interface RefusedToken {
  /** The `Authorization` that was sent; undefined: none. */
  authorization: string | undefined
  /** 401, or 403 with `insufficient_scope`. */
  status: number
  /** `WWW-Authenticate` as it came; several of them with a comma between. */
  challenge: string | undefined
}

/** Access tokens of one integration, which change while its connection lives (OAuth 2.1). */
export interface TokenSource {
  /** The value of `Authorization` that holds now. Costs next to nothing. Undefined: there is none, ask `renew`. */
  current(): string | undefined
  /**
   * A value that holds: another one than was refused. Whoever asks meanwhile gets the same. Rejects with AppError
   * `authorization_required`, whose message tells a person what to do, `vault_locked`, `upstream_unavailable` or
   * `upstream_timeout`. After a refusal that only a person can mend, more scopes for example, it rejects as well.
   */
  renew(refused?: RefusedToken): Promise<string>
}
