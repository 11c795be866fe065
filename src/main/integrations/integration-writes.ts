import type { Integration, IntegrationChanges, NewIntegration } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import type { KeyedQueue } from '../base/keyed-queue.ts'
import type { IntegrationsStore } from '../store/integrations-store.ts'
import { ToolPins } from '../pins/tool-pins.ts'
import { emptyOffer } from '../upstream/offer.ts'
import type { Vault } from '../vault/vault.ts'
import { sameConnection, sameServer } from './connection-target.ts'
import { credentialProblems, secretFields } from './credentials.ts'
import type { DeletedIntegrations } from './deleted-integrations.ts'
import type { HeldIntegration } from './held-integration.ts'
import { integrationKey, type HeldIntegrations } from './held-integrations.ts'
import type { IntegrationConnections, Upstreams } from './integration-connections.ts'
import type { IntegrationLogos } from './integration-logos.ts'
import { changedRecord, newRecord } from './integration-record.ts'
import type { IntegrationRules } from './integration-rules.ts'
import { refuse } from './refuse.ts'
import { fieldsOf, type SealedCredentials } from './sealed-credentials.ts'
import type { CatalogInvalidator } from './served-integration.ts'
import type { SystemRegistry } from './system-registry.ts'
import type { Approval, ToolApprovals } from './tool-approvals.ts'

interface IntegrationWritesOptions {
  store: IntegrationsStore
  held: HeldIntegrations
  rules: IntegrationRules
  credentials: SealedCredentials
  connections: IntegrationConnections
  deleted: DeletedIntegrations
  logos: IntegrationLogos
  /** The queue of all writes, by integration. */
  writes: KeyedQueue
  approvals: ToolApprovals
  vault: Vault
  registry: SystemRegistry
  upstreams: Upstreams
  catalog: CatalogInvalidator
  emitter: Emitter
}

/**
 * Changes of integrations, of which those to the same one exclude each other. Rules come first, then the store is
 * written, then memory, then the connection.
 */
export class IntegrationWrites {
  readonly #options: IntegrationWritesOptions

  constructor(options: IntegrationWritesOptions) {
    this.#options = options
  }

  async create(workspace: string, input: NewIntegration): Promise<Integration> {
    const { store, held: all, rules, credentials: sealed, connections, deleted, logos, writes } = this.#options
    rules.requirePlan(workspace)
    return await writes.run(integrationKey(workspace, input.name), async () => {
      this.#refuseName(workspace, input.name)
      rules.refuseOwnAddress(input.mcp)
      const record = newRecord(workspace, input)
      const credentials = input.credentials ?? {}
      refuse(credentialProblems(record, secretFields(credentials).keys(), credentials))
      const held: HeldIntegration = { record, secrets: [], masked: {}, ...nothingKnown(), upstream: undefined }
      await sealed.store(record, credentials, async (secrets) => {
        await store.insert(record, secrets)
        connections.setSecrets(held, secrets)
        all.add(held)
      })
      deleted.replaced(workspace, input.name)
      connections.start(held)
      logos.want(held)
      return connections.changed(held)
    })
  }

  /**
   * Metadata and filters apply at once and leave the connection alone. Connection settings and credentials are replaced
   * as a whole where they are given, and then it connects anew.
   */
  async update(workspace: string, name: string, changes: IntegrationChanges): Promise<Integration> {
    const { store, rules, credentials: sealed, connections, logos, approvals, emitter } = this.#options
    return await this.#write(workspace, name, async (held) => {
      const before = held.record
      if (changes.mcp !== undefined) rules.refuseOwnAddress(changes.mcp)
      const record = changedRecord(before, changes)
      const { credentials } = changes
      const fields = credentials === undefined ? fieldsOf(held.secrets) : secretFields(credentials).keys()
      refuse(credentialProblems(record, fields, credentials))
      // The tools of another server are not the tools of this one.
      const forgetTools = !sameServer(before.mcp, record.mcp)
      if (credentials === undefined) await store.update(record, undefined, { forgetTools })
      else {
        await sealed.store(record, credentials, async (secrets) => {
          await store.update(record, secrets, { forgetTools })
          connections.setSecrets(held, secrets)
        })
      }
      held.record = record
      if (forgetTools) Object.assign(held, nothingKnown())
      else if (record.onDefinitionChange !== before.onDefinitionChange) {
        await approvals.judgeAgain(held)
        emitter.emit(workspace, { type: 'tools_changed', integration: name })
      }
      if (record.logo !== before.logo) void logos.removeUnused()
      if (changes.logo_url !== undefined) logos.want(held)
      const reconnects = credentials !== undefined || !sameConnection(before, record)
      if (held.upstream !== undefined && reconnects) connections.start(held)
      return connections.changed(held)
    })
  }

  /**
   * With its secrets and its tool list; when this is done, its process is gone as well. For `undoMs` it can be brought
   * back, and is erased after that.
   */
  async remove(workspace: string, name: string, undoMs: number): Promise<void> {
    const { registry, store, held: all, deleted, logos, catalog, emitter, upstreams } = this.#options
    if (registry.find(name) !== undefined) throw new AppError('system_integration')
    await this.#write(workspace, name, async (held) => {
      const { id } = held.record
      if (undoMs > 0) await deleted.keep(held, undoMs)
      else await store.delete(id)
      all.delete(held)
      catalog.invalidate(workspace)
      emitter.emit(workspace, { type: 'integration_removed', name })
      await upstreams.stop(id)
      if (undoMs === 0) upstreams.forget(id)
      if (held.record.logo !== null) void logos.removeUnused()
    })
  }

  /** Brings back what was removed, as it was, while its `undoMs` last. */
  async restore(workspace: string, name: string): Promise<Integration> {
    const { held: all, rules, credentials, connections, deleted, logos, writes, vault } = this.#options
    rules.requirePlan(workspace)
    return await writes.run(integrationKey(workspace, name), async () => {
      const held = await vault.holdKey(async () => {
        const { record, secrets, ...known } = await deleted.restore(workspace, name)
        const masked = credentials.mask(record, secrets)
        const restored: HeldIntegration = { record, secrets, masked, ...known, upstream: undefined }
        all.add(restored)
        return restored
      })
      if (held.record.status === 'active') connections.start(held)
      logos.want(held)
      return connections.changed(held)
    })
  }

  async setStatus(workspace: string, name: string, status: Integration['status']): Promise<Integration> {
    const { store, connections, catalog, upstreams } = this.#options
    return await this.#write(workspace, name, async (held) => {
      if (held.record.status === status) {
        // One that rests until it is needed is needed now.
        if (status === 'active') held.upstream?.session().catch(() => undefined)
        return connections.answer(held)
      }
      const record = { ...held.record, status, updatedAt: new Date().toISOString() }
      await store.update(record)
      held.record = record
      if (status === 'active') connections.start(held)
      else {
        held.upstream = undefined
        catalog.invalidate(workspace)
        await upstreams.stop(record.id)
      }
      return connections.changed(held)
    })
  }

  /** Agents get these tools as their server describes them now. */
  async approve(workspace: string, name: string, approval: Approval): Promise<void> {
    const { approvals, connections, emitter } = this.#options
    await this.#write(workspace, name, async (held) => {
      if (!(await approvals.approve(held, approval))) return
      emitter.emit(workspace, { type: 'tools_changed', integration: name })
      connections.changed(held)
    })
  }

  /** Every write to an existing custom integration: its rules, then one at a time. */
  async #write<Result>(
    workspace: string,
    name: string,
    work: (held: HeldIntegration) => Promise<Result>,
  ): Promise<Result> {
    const { held: all, rules, writes } = this.#options
    all.require(workspace, name)
    rules.requirePlan(workspace)
    return await writes.run(integrationKey(workspace, name), () => work(all.require(workspace, name)))
  }

  #refuseName(workspace: string, name: string): void {
    const { held: all, rules } = this.#options
    rules.refuseReserved(name)
    if (all.find(workspace, name) === undefined) return
    const message = `${name} is already used in this workspace.`
    throw new AppError('name_taken', { message, details: [{ path: 'name', message }] })
  }
}

/** Of a server that nobody has listed yet: its first list will be approved. */
function nothingKnown(): Pick<HeldIntegration, 'offer' | 'pins'> {
  return { offer: emptyOffer, pins: new ToolPins() }
}
