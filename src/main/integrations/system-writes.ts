import type { Integration, IntegrationChanges } from '../../shared/contract/integrations.ts'
import type { Emitter } from '../base/emitter.ts'
import type { KeyedQueue } from '../base/keyed-queue.ts'
import { ToolPins } from '../pins/tool-pins.ts'
import type { IntegrationsStore, SealedRow } from '../store/integrations-store.ts'
import type { HeldIntegration } from './held-integration.ts'
import { integrationKey, type HeldIntegrations } from './held-integrations.ts'
import type { IntegrationAuthorizations } from './integration-authorizations.ts'
import type { IntegrationConnections, Upstreams } from './integration-connections.ts'
import { refuse } from './refuse.ts'
import type { SealedCredentials } from './sealed-credentials.ts'
import type { CatalogInvalidator } from './served-integration.ts'
import { refuseOvertaken, type SystemDraft } from './system-draft.ts'
import type { SystemIntegrations } from './system-integrations.ts'
import { systemOffer } from './system-records.ts'
import type { ToolApprovals } from './tool-approvals.ts'

interface SystemWritesOptions {
  store: IntegrationsStore
  held: HeldIntegrations
  system: SystemIntegrations
  credentials: SealedCredentials
  authorizations: IntegrationAuthorizations
  connections: IntegrationConnections
  approvals: ToolApprovals
  /** The queue of all writes, by integration. */
  writes: KeyedQueue
  upstreams: Upstreams
  catalog: CatalogInvalidator
  emitter: Emitter
  systemChanged?: SystemChanged | undefined
}

/** Told after a system integration was set up (again), enabled or disabled, or forgotten. Must not throw. */
export type SystemChanged = (workspace: string, name: string, what: 'set_up' | 'status' | 'forgotten') => void

/** What of a system integration is the workspace's own; the rest is said by the registry and the setup. */
const CHANGEABLE: ReadonlySet<string> = new Set(['enabled_tools', 'disabled_tools', 'on_definition_change'])

/** Throws `invalid_input` that names what a change may not touch. */
export function refuseSystemChanges(changes: IntegrationChanges): void {
  const fields = Object.entries(changes).filter(([field, value]) => value !== undefined && !CHANGEABLE.has(field))
  const message = 'This is said by its setup. Set the integration up again to change it.'
  refuse(fields.map(([path]) => ({ path, message })))
}

/** Setups of system integrations: stored and forgotten, in the queue of all writes. */
export class SystemWrites {
  readonly #options: SystemWritesOptions

  constructor(options: SystemWritesOptions) {
    this.#options = options
  }

  /** In place of what was set up before, whose filter and status stay. */
  async store(draft: SystemDraft): Promise<Integration> {
    const { system: systems, connections, approvals, writes, emitter } = this.#options
    const { system, former } = draft
    const { workspace, name } = system.record
    return await writes.run(integrationKey(workspace, name), async () => {
      // A filter that was changed while the checks ran stays; another setup does not give way unseen.
      refuseOvertaken(draft, systems)
      const held = former === undefined ? await this.#insert(draft) : await this.#replace(draft, former)
      systems.keep(system)
      await approvals.judgeAgain(held)
      if (held.record.status === 'active') connections.start(held)
      emitter.emit(workspace, { type: 'tools_changed', integration: name })
      this.#options.systemChanged?.(workspace, name, 'set_up')
      return connections.changed(held)
    })
  }

  /** With its secrets; what was granted is taken back where the server can. */
  async forget(workspace: string, name: string): Promise<void> {
    const { store, held: all, system, authorizations, connections, writes, upstreams, catalog, emitter } = this.#options
    await writes.run(integrationKey(workspace, name), async () => {
      const held = system.find(workspace, name)
      if (held === undefined) return
      const { id } = held.record
      await authorizations.revoke(held)
      await store.delete(id)
      all.delete(held)
      catalog.invalidate(workspace)
      await Promise.all([upstreams.stop(id), authorizations.release(id), system.drop(held, connections.nextRevision())])
      upstreams.forget(id)
      emitter.emit(workspace, { type: 'tools_changed', integration: name })
      emitter.emit(workspace, { type: 'integration_changed', integration: system.unset(workspace, name) })
      this.#options.systemChanged?.(workspace, name, 'forgotten')
    })
  }

  /** Of a workspace that is about to be deleted. */
  async eraseOf(workspace: string): Promise<void> {
    const names = this.#options.held.of(workspace).map(({ record }) => record.name)
    for (const name of names) await this.forget(workspace, name)
  }

  async #insert(draft: SystemDraft): Promise<HeldIntegration> {
    const { store, held: all, credentials, connections } = this.#options
    const { record } = draft.system
    const held: HeldIntegration = {
      record,
      secrets: [],
      oauth: [],
      masked: {},
      offer: systemOffer(draft.system),
      pins: new ToolPins(),
      upstream: undefined,
      revision: 0,
    }
    await credentials.storeFields(record, draft.given, async (rows) => {
      await store.insert(record, rows)
      connections.setSecrets(held, rows)
      all.add(held)
    })
    return held
  }

  async #replace({ system, given, kept, forgetOAuth }: SystemDraft, held: HeldIntegration): Promise<HeldIntegration> {
    const { store, credentials, authorizations, connections } = this.#options
    const { enabledTools, disabledTools, onDefinitionChange, status } = held.record
    const record = { ...system.record, enabledTools, disabledTools, onDefinitionChange, status }
    system.record = record
    // A token that is on its way is stored before that, and taken away with the rest.
    if (forgetOAuth !== undefined) await authorizations.release(record.id)
    try {
      await credentials.storeFields(record, given, async (rows) => {
        const secrets: SealedRow[] = [
          ...held.secrets.filter(({ field }) => kept.has(field) && !given.has(field)),
          ...rows,
        ]
        await store.update(record, secrets, { forgetOAuth })
        connections.setSecrets(held, secrets)
      })
    } catch (error) {
      if (forgetOAuth !== undefined) authorizations.reload(held)
      throw error
    }
    held.record = record
    held.offer = systemOffer(system)
    const forgotten: readonly string[] = forgetOAuth ?? []
    held.oauth = held.oauth.filter(({ field }) => !forgotten.includes(field))
    authorizations.reload(held)
    return held
  }
}
