import type { Integration, TestResult } from '../../shared/contract/integrations.ts'
import type { AuthorizationStart } from '../../shared/contract/oauth.ts'
import type { ConnectionTests } from './connection-tests.ts'
import type { HeldIntegration } from './held-integration.ts'
import type { HeldIntegrations } from './held-integrations.ts'
import type { Examined, IntegrationAuthorizations } from './integration-authorizations.ts'
import type { IntegrationConnections } from './integration-connections.ts'
import type { IntegrationRules } from './integration-rules.ts'
import { isSystem } from './system-integrations.ts'

interface IntegrationSignInsOptions {
  held: HeldIntegrations
  authorizations: IntegrationAuthorizations
  connections: IntegrationConnections
  rules: IntegrationRules
  tests: ConnectionTests
}

/** What people do about the sign-in of an integration with auth type `oauth2`, and what a diagnosis looks at. */
export class IntegrationSignIns {
  readonly #options: IntegrationSignInsOptions

  constructor(options: IntegrationSignInsOptions) {
    this.#options = options
  }

  /** Begins a sign-in, or gives the one that waits; with client credentials gets a token. Throws AppError. */
  async authorize(workspace: string, name: string): Promise<Omit<AuthorizationStart, 'opened'>> {
    return await this.#options.authorizations.require(this.#changeable(workspace, name)).authorize()
  }

  /** Gives up the sign-in that waits. */
  async cancel(workspace: string, name: string): Promise<void> {
    await this.#options.authorizations.require(this.#options.held.require(workspace, name)).cancel()
  }

  /** Signs out: revokes the tokens where the server can, and forgets them. */
  async disconnect(workspace: string, name: string): Promise<Integration> {
    const held = this.#changeable(workspace, name)
    await this.#options.authorizations.require(held).disconnect()
    held.upstream?.restart()
    return this.#options.connections.answer(held)
  }

  /** What a diagnosis looks at, and how it tries the connection. */
  examined(workspace: string, name: string): Examined & { call: (signal: AbortSignal) => Promise<TestResult> } {
    const held = this.#options.held.require(workspace, name)
    return {
      ...this.#options.authorizations.examined(held),
      call: (signal) => this.#options.tests.ofStored(held, signal),
    }
  }

  /** What keeps the grant of each that has auth type `oauth2`, in all workspaces. */
  keepers(): ReturnType<IntegrationAuthorizations['keepers']> {
    return this.#options.authorizations.keepers()
  }

  /** One whose sign-in may be changed: every plan has the system integrations. */
  #changeable(workspace: string, name: string): HeldIntegration {
    const held = this.#options.held.require(workspace, name)
    if (!isSystem(held.record)) this.#options.rules.requirePlan(workspace)
    return held
  }
}
