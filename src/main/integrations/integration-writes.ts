import { isDeepStrictEqual } from 'node:util'
import type {
  Credentials,
  Integration,
  IntegrationChanges,
  NewIntegration,
  RestChanges,
} from '../../shared/contract/integrations.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import type { KeyedQueue } from '../base/keyed-queue.ts'
import { offerOf } from '../rest/rest-offer.ts'
import type { IntegrationRecord, IntegrationsStore } from '../store/integrations-store.ts'
import { packSource, type PackedSource } from '../store/rest-parts.ts'
import { ToolPins } from '../pins/tool-pins.ts'
import { emptyOffer } from '../upstream/offer.ts'
import type { Vault } from '../vault/vault.ts'
import { forgottenBy } from './authorization-identity.ts'
import { sameConnection, sameServer } from './connection-target.ts'
import { credentialProblems } from './credential-problems.ts'
import { secretFields } from './credentials.ts'
import type { DeletedIntegrations } from './deleted-integrations.ts'
import type { HeldIntegration } from './held-integration.ts'
import { integrationKey, type HeldIntegrations } from './held-integrations.ts'
import type { IntegrationAuthorizations } from './integration-authorizations.ts'
import type { IntegrationConnections, Upstreams } from './integration-connections.ts'
import type { IntegrationLogos } from './integration-logos.ts'
import { changedRecord, newRecord } from './integration-record.ts'
import type { IntegrationRules } from './integration-rules.ts'
import { refuse } from './refuse.ts'
import { restToolProblems } from './rest-rules.ts'
import { fieldsOf, type SealedCredentials } from './sealed-credentials.ts'
import type { CatalogInvalidator } from './served-integration.ts'
import { sourceFormat } from './source-format.ts'
import type { SystemRegistry } from '../system/registry.ts'
import { isSystem } from './system-integrations.ts'
import { refuseSystemChanges, type SystemChanged } from './system-writes.ts'
import type { Approval, ToolApprovals } from './tool-approvals.ts'

interface IntegrationWritesOptions {
  store: IntegrationsStore
  held: HeldIntegrations
  rules: IntegrationRules
  credentials: SealedCredentials
  authorizations: IntegrationAuthorizations
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
  systemChanged?: SystemChanged | undefined
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
    const {
      store,
      held: all,
      rules,
      credentials: sealed,
      connections,
      deleted,
      logos,
      writes,
      approvals,
    } = this.#options
    rules.requirePlan(workspace)
    return await writes.run(integrationKey(workspace, input.name), async () => {
      this.#refuseName(workspace, input.name)
      rules.refuseOwnAddress(input, input.protocol === 'rest' ? input.rest.tools : [])
      const source = await packedSource(input.protocol === 'rest' ? input.rest : undefined)
      const record = newRecord(workspace, input, source?.facts)
      const credentials = input.credentials ?? {}
      refuse([
        ...credentialProblems(record, secretFields(credentials).keys(), credentials),
        ...(record.protocol === 'rest' ? restToolProblems(record.rest.tools) : []),
      ])
      const held: HeldIntegration = {
        record,
        secrets: [],
        oauth: [],
        masked: {},
        ...knownOf(record),
        upstream: undefined,
        revision: 0,
      }
      await sealed.store(record, credentials, async (secrets) => {
        await store.insert(record, secrets, source)
        connections.setSecrets(held, secrets)
        all.add(held)
      })
      deleted.replaced(workspace, input.name)
      await approvals.judgeAgain(held)
      connections.start(held)
      logos.want(held)
      connections.changed(held)
      return connections.answer(held, { tools: true })
    })
  }

  /**
   * Metadata and filters apply at once and leave the connection alone. Connection settings and credentials are replaced
   * as a whole where they are given, and then it connects anew.
   */
  async update(workspace: string, name: string, changes: IntegrationChanges): Promise<Integration> {
    const { store, rules, credentials: sealed, authorizations, connections, logos, approvals, emitter } = this.#options
    return await this.#write(workspace, name, async (held) => {
      const before = held.record
      if (isSystem(before)) refuseSystemChanges(changes)
      const source = await packedSource(changes.rest)
      const record = changedRecord(before, changes, source?.facts)
      const tools = newToolsIn(before, record)
      if (changes.mcp !== undefined || changes.rest !== undefined) rules.refuseOwnAddress(record, tools)
      const { credentials } = changes
      const fields = credentials === undefined ? fieldsOf(held.secrets) : secretFields(credentials).keys()
      refuse([...credentialProblems(record, fields, credentials), ...restToolProblems(tools ?? [])])
      // The tools of another server are not the tools of this one.
      const forgetTools = !sameServer(before, record)
      const reconnects = credentials !== undefined || !sameConnection(before, record)
      const forgetOAuth = reconnects ? this.#forgottenOAuth(held, record, credentials) : undefined
      const changed = { forgetTools, tools: tools !== undefined, source, forgetOAuth }
      // A token that is on its way is stored before that, and taken away with the rest.
      if (forgetOAuth !== undefined) await authorizations.release(record.id)
      try {
        if (credentials === undefined) await store.update(record, undefined, changed)
        else {
          await sealed.store(record, credentials, async (secrets) => {
            await store.update(record, secrets, changed)
            connections.setSecrets(held, secrets)
          })
        }
      } catch (error) {
        if (forgetOAuth !== undefined) authorizations.reload(held)
        throw error
      }
      held.record = record
      if (forgetOAuth !== undefined) {
        held.oauth = held.oauth.filter(({ field }) => !(forgetOAuth as readonly string[]).includes(field))
      }
      if (reconnects) authorizations.reload(held)
      if (forgetTools || tools !== undefined) Object.assign(held, knownOf(record))
      if (tools !== undefined) {
        await approvals.judgeAgain(held)
        emitter.emit(workspace, { type: 'tools_changed', integration: name })
      } else if (forgetTools) {
        // Its first list will be approved.
      } else if (record.onDefinitionChange !== before.onDefinitionChange) {
        await approvals.judgeAgain(held)
        emitter.emit(workspace, { type: 'tools_changed', integration: name })
      }
      if (record.logo !== before.logo) void logos.removeUnused()
      if (changes.logo_url !== undefined) logos.want(held)
      if (held.upstream !== undefined && reconnects) connections.start(held)
      else if (tools !== undefined) connections.retool(held)
      connections.changed(held)
      return connections.answer(held, { tools: true })
    })
  }

  /**
   * With its secrets and its tool list; when this is done, its process is gone as well. For `undoMs` it can be brought
   * back, and is erased after that.
   */
  async remove(workspace: string, name: string, undoMs: number): Promise<void> {
    const { store, held: all, authorizations, deleted, logos, catalog, emitter, upstreams } = this.#options
    this.#refuseSystem(workspace, name)
    await this.#write(workspace, name, async (held) => {
      const { id } = held.record
      if (undoMs > 0) await deleted.keep(held, undoMs)
      else {
        await authorizations.revoke(held)
        await store.delete(id)
      }
      all.delete(held)
      catalog.invalidate(workspace)
      emitter.emit(workspace, { type: 'integration_removed', name })
      await Promise.all([upstreams.stop(id), authorizations.release(id)])
      if (undoMs === 0) upstreams.forget(id)
      if (held.record.logo !== null) void logos.removeUnused()
    })
  }

  /** Brings back what was removed, as it was, while its `undoMs` last. */
  async restore(workspace: string, name: string): Promise<Integration> {
    const { held: all, rules, credentials, authorizations, connections, deleted, logos, writes, vault } = this.#options
    rules.requirePlan(workspace)
    return await writes.run(integrationKey(workspace, name), async () => {
      const held = await vault.holdKey(async () => {
        const { record, secrets, ...known } = await deleted.restore(workspace, name)
        const masked = credentials.mask(record, secrets)
        const restored: HeldIntegration = { record, secrets, masked, ...known, upstream: undefined, revision: 0 }
        all.add(restored)
        return restored
      })
      authorizations.reload(held)
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
      if (isSystem(record)) this.#options.systemChanged?.(workspace, name, 'status')
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

  #forgottenOAuth({ record: before, secrets }: HeldIntegration, record: IntegrationRecord, given?: Credentials) {
    const formerId = this.#options.credentials.clientId(before, before, secrets)
    const clientId = given === undefined ? formerId : given.client_id
    return forgottenBy({ settings: before, clientId: formerId }, { settings: record, clientId })
  }

  /** Where the name is that of a system integration, set up or not. */
  #refuseSystem(workspace: string, name: string): void {
    const { held: all, registry } = this.#options
    const held = all.find(workspace, name)
    const isOne = held === undefined ? registry.find(name) !== undefined : isSystem(held.record)
    if (isOne) throw new AppError('system_integration')
  }

  /** Every write to an existing integration: its rules, then one at a time. Any plan has the system integrations. */
  async #write<Result>(
    workspace: string,
    name: string,
    work: (held: HeldIntegration) => Promise<Result>,
  ): Promise<Result> {
    const { held: all, rules, writes } = this.#options
    if (!isSystem(all.require(workspace, name).record)) rules.requirePlan(workspace)
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

/** Of a server that nobody has listed yet: its first list will be approved. The tools of a REST API are in its record. */
function knownOf(record: IntegrationRecord): Pick<HeldIntegration, 'offer' | 'pins'> {
  return { offer: record.protocol === 'rest' ? offerOf(record.rest.tools) : emptyOffer, pins: new ToolPins() }
}

async function packedSource(rest: Pick<RestChanges, 'source'> | undefined): Promise<PackedSource | undefined> {
  return rest?.source === undefined ? undefined : await packSource(rest.source, sourceFormat(rest.source.document))
}

/** The tools of a REST API where they are others now. */
function newToolsIn(before: IntegrationRecord, record: IntegrationRecord): RestTool[] | undefined {
  if (before.protocol !== 'rest' || record.protocol !== 'rest' || before.rest.tools === record.rest.tools)
    return undefined
  return isDeepStrictEqual(before.rest.tools, record.rest.tools) ? undefined : record.rest.tools
}
