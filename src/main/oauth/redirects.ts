import type { OAuthSettings } from '../../shared/contract/oauth.ts'
import type { Logger } from '../base/log.ts'
import type { CallbackOutcome } from './callbacks.ts'

interface RedirectsOptions {
  /** The gateway's listener: its port, now, and the address that it listens on. */
  gateway: { readonly port: number; readonly host: string }
  take: (url: URL) => Promise<CallbackOutcome>
  /** Whether this system hands links of the scheme `gatehouse:` to us: pages lead back with one. */
  deepLinks: boolean
  log: Logger
}

/** Where browsers come back to, and what hears them there (RFC 8252, 7). */
export class Redirects {
  constructor(_options: RedirectsOptions) {
    throw new Error('begun')
  }

  /** What is registered with the authorization server and sent to it, character by character. */
  uriFor(_settings: Pick<OAuthSettings, 'redirect' | 'redirect_port'>): string {
    throw new Error('begun')
  }

  /**
   * Listens for a redirect URI of another port than the gateway's, until it is closed. One port may be asked for
   * several times. Throws AppError `in_use` when another program has it.
   */
  open(_redirectUri: string): Promise<{ close(): Promise<void> }> {
    throw new Error('begun')
  }

  close(): Promise<void> {
    throw new Error('begun')
  }
}
