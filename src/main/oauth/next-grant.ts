import type { FoundServer } from './found-server.ts'
import type { OAuthKeeperOptions, OAuthProtocol } from './keeper-options.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthClient, OAuthGrant, OAuthRecords } from './records.ts'

type NextGrantOptions = Pick<OAuthKeeperOptions, 'redirectUri'> & {
  protocol: OAuthProtocol
  fetch: (target: OAuthTarget) => OAuthFetch
}

/** Asks for the grant that follows another, without a person. It keeps no record; all failures are OAuthError. */
export class NextGrant {
  readonly #options: NextGrantOptions
  /** Of client credentials, for which no grant of a person remembers the server. */
  #found: FoundServer | undefined

  constructor(options: NextGrantOptions) {
    this.#options = options
  }

  /** What was found may be of another server now. */
  forget(): void {
    this.#found = undefined
  }

  /** By the refresh token (RFC 6749, 6). */
  async refreshed(target: OAuthTarget, grant: OAuthGrant, client: OAuthClient | undefined): Promise<OAuthGrant> {
    const { protocol, fetch } = this.#options
    const owner = await this.clientOf(target, grant, client)
    const next = await protocol.refreshGrant(grant, owner, target, { fetch: fetch(target) })
    return carriedOver(grant, next)
  }

  /** By client credentials (RFC 6749, 4.4). `former`: what was granted until now. */
  async requested(
    target: OAuthTarget,
    { client, grant: former }: OAuthRecords,
  ): Promise<{ client: OAuthClient; grant: OAuthGrant }> {
    const { protocol, redirectUri } = this.#options
    const fetch = this.#options.fetch(target)
    try {
      const found = (this.#found ??= await protocol.discover(target, { fetch }))
      const options = { stored: client, redirectUri: redirectUri(), fetch }
      const owner = await protocol.clientFor(found, target, options)
      const ask = async (last: OAuthGrant | undefined) => {
        const next = await protocol.clientCredentials(found, owner, withScopes(target, last), { fetch })
        return last === undefined ? next : carriedOver(last, next)
      }
      const grant = await ask(former).catch((error: unknown) => {
        if (!asksForMore(target, former) || !isInvalidScope(error)) throw error
        return ask(withoutRefused(former))
      })
      return { client: owner, grant }
    } catch (error) {
      // The server may have moved: the next attempt looks for it again.
      this.forget()
      throw error
    }
  }

  /**
   * The client that a grant belongs to, with its secret as the settings have it now where a person registered it. It
   * goes to the issuer that gave it and to no other.
   */
  async clientOf(target: OAuthTarget, grant: OAuthGrant, client: OAuthClient | undefined): Promise<OAuthClient> {
    const isOwner = client?.clientId === grant.clientId && client.issuer === grant.server.issuer
    if (!isOwner) {
      throw new OAuthError('invalid_grant', 'The client that signed in is not known any more.', {
        fix: 'Sign in again.',
      })
    }
    if (client.registration !== 'pre_registered') return client
    const { protocol, redirectUri, fetch } = this.#options
    const { server, resource } = grant
    const found: FoundServer = { server, resource, scopes: undefined, issuers: [server.issuer], source: 'issuer' }
    const options = { stored: client, redirectUri: redirectUri(), fetch: fetch(target) }
    return protocol.clientFor(found, target, options)
  }
}

/** What our own records say of a grant stays with the one that follows without a person. */
function carriedOver(former: OAuthGrant, next: OAuthGrant): OAuthGrant {
  const { warned: _warned, ended: _ended, missingScopes: _missing, ...granted } = next
  const { signedInAt, missingScopes } = former
  return { ...granted, signedInAt, ...(missingScopes !== undefined && { missingScopes }) }
}

/** Scopes that an admin typed are all there are. */
function asksForMore({ settings }: OAuthTarget, former: OAuthGrant | undefined): former is OAuthGrant & AskedForMore {
  return former?.missingScopes !== undefined && settings.scopes.length === 0
}

interface AskedForMore {
  missingScopes: string[]
}

function isInvalidScope(error: unknown): boolean {
  return error instanceof OAuthError && error.reason === 'invalid_scope'
}

/** Of what the resource asked for, what was granted until now: it may have asked for something that does not exist. */
function withoutRefused({ missingScopes, ...former }: OAuthGrant & AskedForMore): OAuthGrant {
  const granted = missingScopes.filter((scope) => former.scopes.includes(scope))
  return granted.length === 0 ? former : { ...former, missingScopes: granted }
}

/** With all that was granted, and what the resource asked for beyond that. */
function withScopes(target: OAuthTarget, former: OAuthGrant | undefined): OAuthTarget {
  if (!asksForMore(target, former)) return target
  const scopes = [...new Set([...former.scopes, ...former.missingScopes])]
  return { ...target, settings: { ...target.settings, scopes } }
}
