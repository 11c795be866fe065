import type { AuthorizationStart, OAuthStatus } from '../../shared/contract/oauth.ts'
import type { RefusedToken, TokenSource } from '../upstream/token-source.ts'
import type { OAuthKeeperOptions } from './keeper-options.ts'
import type { PendingAuthorization } from './records.ts'

/**
 * Keeps the grant of one integration alive: gets it, renews it, says what is wrong with it, and ends it. All its errors
 * are AppError.
 */
export class OAuthKeeper implements TokenSource {
  constructor(_options: OAuthKeeperOptions) {
    throw new Error('begun')
  }

  /** Takes the records as they are stored now: at the start, when the vault was opened or locked, when somebody else wrote them or the settings. */
  load(): void {
    throw new Error('begun')
  }

  current(): string | undefined {
    throw new Error('begun')
  }

  renew(_refused?: RefusedToken): Promise<string> {
    throw new Error('begun')
  }

  /** Begins a sign-in, or gives the one that waits. With client credentials it gets a token at once. */
  authorize(): Promise<Omit<AuthorizationStart, 'opened'>> {
    throw new Error('begun')
  }

  /** The sign-in that waits for the browser. Throws AppError `vault_locked`. */
  get pending(): PendingAuthorization | undefined {
    throw new Error('begun')
  }

  /** The browser came back with the `state` of `pending`, which is used up by this, whatever comes of it. */
  finish(_params: URLSearchParams): Promise<void> {
    throw new Error('begun')
  }

  /** Gives up the sign-in that waits. What was granted before stays. */
  cancel(): Promise<void> {
    throw new Error('begun')
  }

  /** Forgets the grant, and revokes it where the server can. */
  disconnect(): Promise<void> {
    throw new Error('begun')
  }

  /** Never throws. */
  status(): OAuthStatus {
    throw new Error('begun')
  }

  /** What runs has a moment to be finished and stored. */
  close(): Promise<void> {
    throw new Error('begun')
  }
}
