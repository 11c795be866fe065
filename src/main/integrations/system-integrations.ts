import type { Integration } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { messageOf } from '../base/message-of.ts'
import type { IntegrationRecord, RestRecord, SealedRow } from '../store/integrations-store.ts'
import { Access, SystemClients, type AccessParts } from '../system/access.ts'
import type { SystemAdapters } from '../system/adapters.ts'
import type { SystemEntry, SystemRegistry } from '../system/registry.ts'
import type { SystemAccess } from '../system/system-adapter.ts'
import type { OwnTools } from '../upstream/own-tools.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import { toSystemIntegration, type HeldIntegration } from './held-integration.ts'
import { integrationKey, type HeldIntegrations } from './held-integrations.ts'
import type { IntegrationAuthorizations } from './integration-authorizations.ts'
import { fieldsOf, type SealedCredentials } from './sealed-credentials.ts'
import { placeOfField, systemTools, type SystemRecord } from './system-records.ts'

interface SystemIntegrationsOptions {
  registry: SystemRegistry
  adapters: SystemAdapters
  held: HeldIntegrations
  workspaces: Pick<WorkspacesService, 'require'>
  credentials: SealedCredentials
  authorizations: IntegrationAuthorizations
  connectTimeoutMs: number
  log: Logger
}

/** What system integrations have beside custom ones: what the registry says of each, tools in code, and access for code. */
export class SystemIntegrations {
  readonly #options: SystemIntegrationsOptions
  readonly #clients: SystemClients
  readonly #byId = new Map<string, SystemRecord>()
  /** Of those that were forgotten: whoever saw them set up must not take that for the newer state. */
  readonly #revisions = new Map<string, number>()

  constructor(options: SystemIntegrationsOptions) {
    this.#options = options
    this.#clients = new SystemClients(options)
  }

  /** The stored row with what the registry says. Undefined: it fits no more, and has to be set up again. */
  async resolve(stored: IntegrationRecord, secrets: SealedRow[]): Promise<SystemRecord | undefined> {
    const { registry, log } = this.#options
    const { name, system } = stored
    const entry = registry.find(name)
    try {
      if (entry === undefined || system === null) throw new Error('The registry does not have it.')
      return await this.made(stored, entry, system, fieldsOf(secrets))
    } catch (error) {
      const reason = messageOf(error)
      log.warn(
        { integration: name, workspace: stored.workspace, reason },
        'a system integration has to be set up again',
      )
      return undefined
    }
  }

  /** As `resolve`, of settings that need not be stored. Throws `invalid_input` that names the fields at fault. */
  async made(
    stored: IntegrationRecord,
    entry: SystemEntry,
    settings: NonNullable<IntegrationRecord['system']>,
    sealed: Iterable<string>,
  ): Promise<SystemRecord> {
    // Loaded where something is set up: schemas of connections, and an adapter, come with it.
    const [{ systemRecord }, adapter] = await Promise.all([
      import('./resolve-system.ts'),
      this.#options.adapters.of(entry),
    ])
    return systemRecord(stored, { entry, adapter, settings, sealed })
  }

  keep(system: SystemRecord): void {
    this.#byId.set(system.record.id, system)
  }

  async drop({ record: { id, workspace, name } }: HeldIntegration, revision: number): Promise<void> {
    this.#byId.delete(id)
    this.#revisions.set(integrationKey(workspace, name), revision)
    await this.#clients.close(id)
  }

  recordOf({ record }: HeldIntegration): SystemRecord | undefined {
    return this.#byId.get(record.id)
  }

  /** The one that is set up; undefined: it is not, or the name is that of a custom one. */
  find(workspace: string, name: string): HeldIntegration | undefined {
    const held = this.#options.held.find(workspace, name)
    return held?.record.system === null ? undefined : held
  }

  /** One that is not set up, as the API tells it. Throws `not_found`. */
  unset(workspace: string, name: string): Integration {
    const { created_at } = this.#options.workspaces.require(workspace)
    const entry = this.#options.registry.find(name)
    if (entry === undefined) {
      throw new AppError('not_found', { message: `There is no system integration named ${name}.` })
    }
    return toSystemIntegration(entry, created_at, this.#revisions.get(integrationKey(workspace, name)))
  }

  /** Its tools in code. */
  ownTools(held: HeldIntegration): OwnTools | undefined {
    const system = this.recordOf(held)
    return system && systemTools(system, () => this.#accessOf(held))
  }

  /** For channels and pollers, anew for each use. Undefined: it is not set up, or disabled. */
  access(workspace: string, name: string): SystemAccess | undefined {
    const held = this.find(workspace, name)
    return held === undefined || held.record.status === 'disabled' ? undefined : this.#accessOf(held)
  }

  /** The same of one that may be disabled. Throws `invalid_input` where it is not set up. */
  requireAccess(workspace: string, name: string): SystemAccess {
    return this.#accessOf(this.#options.held.require(workspace, name))
  }

  async close(): Promise<void> {
    await this.#clients.closeAll()
  }

  #accessOf(held: HeldIntegration): Access {
    const system = this.recordOf(held)
    if (system === undefined) throw new AppError('not_found')
    return new Access(this.#partsOf(held, system), this.#clients)
  }

  #partsOf(held: HeldIntegration, { record, way, origins }: SystemRecord): AccessParts {
    const { credentials, authorizations, log } = this.#options
    return {
      record,
      way,
      origins,
      secrets: () => {
        const token = authorizations.tokenFor(held)
        return { ...credentials.forRest(record, record, held.secrets), ...(token && { token }) }
      },
      secret: (field) => {
        const declared = way.fields.find(({ name }) => name === field)
        return declared && credentials.byPlace(record, placeOfField(declared), held.secrets)
      },
      redact: (text) => log.redactor.text(text),
    }
  }
}

/** Whether it is one. */
export function isSystem(record: IntegrationRecord): record is RestRecord {
  return record.system !== null
}
