import { RESOURCE_SERVER } from '../authorization/switches.ts'
import type { ProtectedServerConfig, ProtectedSwitches } from './switches.ts'

export interface Access {
  clientId: string
  scopes: string[]
}

export interface Refusal {
  status: 401 | 403
  error: string
  challenge: string | undefined
}

/** Decides on tokens as RFC 6750 and RFC 9728 ask, with the authorization server's word on each. */
export class AccessCheck {
  readonly #config: ProtectedServerConfig
  readonly #switches: ProtectedSwitches
  readonly #seen = new Set<string>()
  readonly #refused = new Set<string>()

  constructor(config: ProtectedServerConfig, switches: ProtectedSwitches) {
    this.#config = config
    this.#switches = switches
  }

  refuseSeen(): void {
    for (const token of this.#seen) this.#refused.add(token)
  }

  async check(resource: string, token: string | undefined, needed: string | undefined): Promise<Access | Refusal> {
    if (token === undefined) return this.#refusal(resource, 401, undefined, this.#switches.challengeScope)
    this.#seen.add(token)
    const access = await this.#introspect(token, this.#config.audience ?? resource)
    if (!access) return this.#refusal(resource, 401, 'invalid_token', this.#switches.challengeScope)
    if (needed !== undefined && !access.scopes.includes(needed)) {
      return this.#refusal(resource, 403, 'insufficient_scope', this.#switches.writeScope)
    }
    return access
  }

  async #introspect(token: string, audience: string): Promise<Access | undefined> {
    if (this.#switches.refuse === 'all' || this.#refused.has(token)) return undefined
    const { client_id, client_secret } = RESOURCE_SERVER
    const response = await fetch(`${this.#config.issuers[0]}/token/introspection`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` },
      body: new URLSearchParams({ token }),
    })
    const answer = (await response.json()) as { active?: boolean; aud?: string; scope?: string; client_id?: string }
    if (answer.active !== true || answer.aud !== audience) return undefined
    return { clientId: answer.client_id ?? '', scopes: answer.scope?.split(' ') ?? [] }
  }

  #refusal(resource: string, status: 401 | 403, error: string | undefined, scope: string | null): Refusal {
    const { challenge, metadata } = this.#switches
    const { origin, pathname } = new URL(resource)
    const document = `${origin}/.well-known/oauth-protected-resource${metadata === 'root' ? '' : pathname}`
    const parameters = [
      error !== undefined && `error="${error}"`,
      error !== undefined && 'error_description="Not with this token"',
      scope !== null && `scope="${scope}"`,
      challenge === 'resource_metadata' && metadata !== 'none' && `resource_metadata="${document}"`,
    ].filter((parameter) => parameter !== false)
    const header = ['Bearer', parameters.join(', ')].join(' ').trim()
    return { status, error: error ?? 'unauthorized', challenge: challenge === 'none' ? undefined : header }
  }
}
