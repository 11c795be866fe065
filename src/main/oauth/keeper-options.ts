import type { Logger } from '../base/log.ts'
import type { FoundServer } from './found-server.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthClient, OAuthGrant, OAuthRecords, PendingAuthorization } from './records.ts'

/** `null` forgets that record; one that is left out stays as it is. */
export type RecordChanges = { [Kind in keyof OAuthRecords]?: OAuthRecords[Kind] | null }

/** The steps of the protocol, each one exchange or a few. They keep nothing, and reject with OAuthError. */
export interface OAuthProtocol {
  /** Asks the server without a token, and then whom its answer names (RFC 9728, RFC 8414). */
  discover(target: OAuthTarget, options: { fetch: OAuthFetch }): Promise<FoundServer>
  /** `stored` is used again only where it fits this server and redirect URI; a new one has a redirect URI of its own below it. */
  clientFor(
    found: FoundServer,
    target: OAuthTarget,
    options: { stored: OAuthClient | undefined; redirectUri: string; fetch: OAuthFetch },
  ): Promise<OAuthClient>
  beginAuthorization(
    found: FoundServer,
    client: OAuthClient,
    target: OAuthTarget,
    options: { redirectUri: string; scopes?: string[] },
  ): Promise<PendingAuthorization>
  finishAuthorization(
    pending: PendingAuthorization,
    params: URLSearchParams,
    options: { target: OAuthTarget; fetch: OAuthFetch },
  ): Promise<OAuthGrant>
  refreshGrant(
    grant: OAuthGrant,
    client: OAuthClient,
    target: OAuthTarget,
    options: { fetch: OAuthFetch },
  ): Promise<OAuthGrant>
  clientCredentials(
    found: FoundServer,
    client: OAuthClient,
    target: OAuthTarget,
    options: { fetch: OAuthFetch },
  ): Promise<OAuthGrant>
  revokeGrant(
    grant: OAuthGrant,
    client: OAuthClient,
    target: OAuthTarget,
    options: { fetch: OAuthFetch },
  ): Promise<void>
}

export interface OAuthKeeperOptions {
  /** The integration as people call it now: for messages. */
  title: () => string
  /** As the settings are now. Throws AppError `vault_locked`. */
  target: () => OAuthTarget
  records: {
    /** Throws AppError `vault_locked`. */
    read(): OAuthRecords
    /** All of it or nothing. */
    write(changes: RecordChanges): Promise<void>
  }
  /** Where the browser comes back to, as the settings are now; a client may have a path of its own below it. */
  redirectUri: () => string
  /** Hears the browser come back there, where nothing does already. Called again for a sign-in that outlived a restart. */
  openRedirect: (redirectUri: string) => Promise<{ close(): Promise<void> }>
  fetch: (target: OAuthTarget, options: { signal: AbortSignal }) => OAuthFetch
  protocol: OAuthProtocol
  /** `status()` gives something else now. */
  changed: () => void
  /** A person has to do something. */
  needed: (reason: 'ended' | 'scope' | 'expires_soon', message: string) => void
  /** There is a grant that was not there, or another: whoever connects with it begins anew. */
  granted: () => void
  log: Logger
  /** Milliseconds since 1970. Default: the clock of this machine. */
  now?: () => number
  /** From 0 to 1. */
  random?: () => number
}
