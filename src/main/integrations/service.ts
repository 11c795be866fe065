import type {
  ConnectionDraft,
  Integration,
  IntegrationChanges,
  NewIntegration,
  OutputLine,
  ProcessUsage,
  TestResult,
  TestStep,
} from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import type { LogoFiles } from '../logos/logo-files.ts'
import type { IntegrationsStore } from '../store/integrations-store.ts'
import type { ToolListsStore } from '../store/tool-lists-store.ts'
import { OutputRing } from '../upstream/output-ring.ts'
import { emptyToolList, parseToolList } from '../upstream/tool-list.ts'
import type { Upstream, UpstreamListener } from '../upstream/upstream.ts'
import type { Vault } from '../vault/vault.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import { sameConnection, sameServer } from './connection-target.ts'
import { ConnectionTests, type Probe } from './connection-tests.ts'
import { credentialProblems, secretFields } from './credentials.ts'
import { DeletedIntegrations } from './deleted-integrations.ts'
import { toSystemIntegration, type HeldIntegration } from './held-integration.ts'
import { HeldIntegrations, integrationKey } from './held-integrations.ts'
import { IntegrationConnections, type Upstreams } from './integration-connections.ts'
import { IntegrationLogos } from './integration-logos.ts'
import { changedRecord, newRecord } from './integration-record.ts'
import { IntegrationRules } from './integration-rules.ts'
import { refuse } from './refuse.ts'
import { fieldsOf, SealedCredentials } from './sealed-credentials.ts'
import type { CatalogInvalidator, FilteredTools, ServedIntegration } from './served-integration.ts'
import type { SystemRegistry } from './system-registry.ts'

interface IntegrationsServiceOptions {
  store: IntegrationsStore
  toolLists: ToolListsStore
  vault: Vault
  workspaces: WorkspacesService
  registry: SystemRegistry
  upstreams: Upstreams
  probe: Probe
  catalog: CatalogInvalidator
  logos: {
    files: LogoFiles
    /** Gets the image, or throws with the reason why there is none. */
    fetch: (url: string, signal: AbortSignal) => Promise<Buffer>
  }
  /** Whether a URL leads to this gateway itself. */
  isOwnAddress: (url: URL) => boolean
  emitter: Emitter
  log: Logger
}

/**
 * What is connected: rules, storage and connections of integrations. The store is written first, then memory, then the
 * connection; reading never touches the disk, because agents wait for it.
 */
export class IntegrationsService implements UpstreamListener {
  readonly #options: IntegrationsServiceOptions
  readonly #held = new HeldIntegrations()
  readonly #credentials: SealedCredentials
  readonly #tests: ConnectionTests
  readonly #rules: IntegrationRules
  readonly #connections: IntegrationConnections
  /** Writes to one integration exclude each other. */
  readonly #writes = new KeyedQueue()
  readonly #deleted: DeletedIntegrations
  readonly #logos: IntegrationLogos

  constructor(options: IntegrationsServiceOptions) {
    this.#options = options
    this.#rules = new IntegrationRules(options)
    this.#deleted = new DeletedIntegrations({
      store: options.store,
      writes: this.#writes,
      gone: (id) => options.upstreams.forget(id),
      log: options.log,
    })
    this.#credentials = new SealedCredentials(options.vault, options.log)
    this.#tests = new ConnectionTests(options.probe, this.#credentials, options.log)
    this.#connections = new IntegrationConnections({
      ...options,
      held: this.#held,
      credentials: this.#credentials,
      rules: this.#rules,
      writes: this.#writes,
    })
    this.#logos = new IntegrationLogos({
      ...options,
      ...options.logos,
      held: this.#held,
      writes: this.#writes,
      announce: (held) => void this.#connections.announce(held),
    })
  }

  /** Reads what is stored. */
  async load(): Promise<void> {
    const { store, toolLists, vault } = this.#options
    await this.#deleted.eraseAll()
    const lists = await toolLists.listAll()
    for (const { record, secrets } of await store.listAll()) {
      const text = lists.get(record.id)
      const tools = text === undefined ? emptyToolList : parseToolList(text)
      this.#held.add({ record, secrets, masked: this.#credentials.mask(record, secrets), tools, upstream: undefined })
    }
    vault.whenOpened(() => this.#connections.vaultOpened())
    vault.whenReplaced((rows) => this.#connections.secretsReplaced(rows))
  }

  /** Begins to connect everything that is active, now or each when a call needs it, and waits for none of it. */
  connect(when: 'always' | 'on_demand'): void {
    this.#connections.startAll(when)
    if (when === 'always') void this.#logos.fetchMissing()
  }

  /** Gives up logos, waits for what is being written, and erases what could still be brought back. The connections are closed by their pool. */
  async close(): Promise<void> {
    await this.#logos.close()
    await this.#writes.idle()
    await this.#deleted.eraseAll()
  }

  /** System integrations first, then custom ones, each by name. */
  list(workspace: string): Integration[] {
    const { created_at } = this.#options.workspaces.require(workspace)
    const system = this.#options.registry.entries.map((entry) => toSystemIntegration(entry, created_at))
    return [...system, ...this.#held.of(workspace).map((held) => this.#connections.answer(held))]
  }

  get(workspace: string, name: string): Integration {
    const { created_at } = this.#options.workspaces.require(workspace)
    const system = this.#options.registry.find(name)
    return system === undefined
      ? this.#connections.answer(this.#require(workspace, name))
      : toSystemIntegration(system, created_at)
  }

  /** What the gateway serves: active ones, by name, each with its connection in whatever state that is. */
  served(workspace: string): ServedIntegration[] {
    return this.#held.of(workspace).flatMap(({ record, upstream }) => {
      if (upstream === undefined) return []
      const { name: slug, description, enabledTools, disabledTools } = record
      const displayName = record.displayName === '' ? slug : record.displayName
      return { slug, displayName, description, enabledTools, disabledTools, upstream }
    })
  }

  /** The last known tools and the filter, disabled or not. A system integration that is not set up has none. */
  filteredTools(workspace: string, name: string): FilteredTools {
    if (this.#options.registry.find(name) !== undefined) {
      return { slug: name, enabledTools: [], disabledTools: [], tools: emptyToolList }
    }
    const { record, tools } = this.#require(workspace, name)
    return { slug: name, enabledTools: record.enabledTools, disabledTools: record.disabledTools, tools }
  }

  async create(workspace: string, input: NewIntegration): Promise<Integration> {
    this.#rules.requirePlan(workspace)
    return await this.#writes.run(integrationKey(workspace, input.name), async () => {
      this.#refuseName(workspace, input.name)
      this.#rules.refuseOwnAddress(input.mcp)
      const record = newRecord(workspace, input)
      const credentials = input.credentials ?? {}
      refuse(credentialProblems(record, secretFields(credentials).keys(), credentials))
      const held: HeldIntegration = { record, secrets: [], masked: {}, tools: emptyToolList, upstream: undefined }
      await this.#credentials.store(record, credentials, async (secrets) => {
        await this.#options.store.insert(record, secrets)
        this.#connections.setSecrets(held, secrets)
        this.#held.add(held)
      })
      this.#deleted.replaced(workspace, input.name)
      this.#connections.start(held)
      this.#logos.want(held)
      return this.#connections.changed(held)
    })
  }

  /**
   * Metadata and filters apply at once and leave the connection alone. Connection settings and credentials are replaced
   * as a whole where they are given, and then it connects anew.
   */
  async update(workspace: string, name: string, changes: IntegrationChanges): Promise<Integration> {
    return await this.#write(workspace, name, async (held) => {
      const before = held.record
      if (changes.mcp !== undefined) this.#rules.refuseOwnAddress(changes.mcp)
      const record = changedRecord(before, changes)
      const { credentials } = changes
      const fields = credentials === undefined ? fieldsOf(held.secrets) : secretFields(credentials).keys()
      refuse(credentialProblems(record, fields, credentials))
      // The tools of another server are not the tools of this one.
      const forgetTools = !sameServer(before.mcp, record.mcp)
      if (credentials === undefined) await this.#options.store.update(record, undefined, { forgetTools })
      else {
        await this.#credentials.store(record, credentials, async (secrets) => {
          await this.#options.store.update(record, secrets, { forgetTools })
          this.#connections.setSecrets(held, secrets)
        })
      }
      held.record = record
      if (forgetTools) held.tools = emptyToolList
      if (record.logo !== before.logo) void this.#logos.removeUnused()
      if (changes.logo_url !== undefined) this.#logos.want(held)
      const reconnects = credentials !== undefined || !sameConnection(before, record)
      if (held.upstream !== undefined && reconnects) this.#connections.start(held)
      return this.#connections.changed(held)
    })
  }

  /**
   * With its secrets and its tool list; when this is done, its process is gone as well. For `undoMs` it can be brought
   * back, and is erased after that.
   */
  async remove(workspace: string, name: string, { undoMs = 0 } = {}): Promise<void> {
    const { registry, store, catalog, emitter, upstreams } = this.#options
    if (registry.find(name) !== undefined) throw new AppError('system_integration')
    await this.#write(workspace, name, async (held) => {
      const { id } = held.record
      if (undoMs > 0) await this.#deleted.keep(held, undoMs)
      else await store.delete(id)
      this.#held.delete(held)
      catalog.invalidate(workspace)
      emitter.emit(workspace, { type: 'integration_removed', name })
      await upstreams.stop(id)
      if (undoMs === 0) upstreams.forget(id)
      if (held.record.logo !== null) void this.#logos.removeUnused()
    })
  }

  /** Brings back what was removed, as it was, while its `undoMs` last. */
  async restore(workspace: string, name: string): Promise<Integration> {
    this.#rules.requirePlan(workspace)
    return await this.#writes.run(integrationKey(workspace, name), async () => {
      const held = await this.#options.vault.holdKey(async () => {
        const { record, secrets, tools } = await this.#deleted.restore(workspace, name)
        const masked = this.#credentials.mask(record, secrets)
        const restored: HeldIntegration = { record, secrets, masked, tools, upstream: undefined }
        this.#held.add(restored)
        return restored
      })
      if (held.record.status === 'active') this.#connections.start(held)
      this.#logos.want(held)
      return this.#connections.changed(held)
    })
  }

  /** How many custom ones a workspace has. */
  count(workspace: string): number {
    return this.#held.of(workspace).length
  }

  /** What was removed and could still be brought back, of a workspace that is about to be deleted. */
  async eraseDeleted(workspace: string): Promise<void> {
    await this.#deleted.eraseOf(workspace)
  }

  async enable(workspace: string, name: string): Promise<Integration> {
    return await this.#setStatus(workspace, name, 'active')
  }

  async disable(workspace: string, name: string): Promise<Integration> {
    return await this.#setStatus(workspace, name, 'disabled')
  }

  /** Connects anew now; not a write, so it works on every plan. */
  restart(workspace: string, name: string): Integration {
    const held = this.#require(workspace, name)
    if (held.upstream === undefined) {
      throw new AppError('invalid_input', { message: `${name} is disabled. Enable it first.`, integration: name })
    }
    held.upstream.restart()
    return this.#connections.answer(held)
  }

  /** The last lines of its process and the events of its connection, oldest first; of a disabled one as well. */
  output(workspace: string, name: string): OutputLine[] {
    return this.#output(workspace, name)?.lines() ?? []
  }

  /** The same after line `after`, and then every new one, until `signal` or the integration ends. */
  followOutput(
    workspace: string,
    name: string,
    after: number,
    signal: AbortSignal,
  ): AsyncIterableIterator<OutputLine[], void> {
    return (this.#output(workspace, name) ?? new OutputRing()).follow(after, signal)
  }

  /** What its process and that one's descendants use now; null where none runs. */
  async process(workspace: string, name: string): Promise<ProcessUsage | null> {
    if (this.#options.registry.find(name) !== undefined) return null
    return await this.#options.upstreams.usage(this.#require(workspace, name).record.id)
  }

  /** Undefined for a system integration that is not set up: nothing has happened to it yet. */
  #output(workspace: string, name: string): OutputRing | undefined {
    if (this.#options.registry.find(name) !== undefined) return undefined
    return this.#options.upstreams.output(this.#require(workspace, name).record.id)
  }

  /** Connects everything anew that is active, in every workspace. */
  restartAll(): void {
    this.#connections.restartAll()
  }

  /** Tries the stored settings in a connection of its own. */
  async test(workspace: string, name: string, signal = new AbortController().signal): Promise<TestResult> {
    return await this.#tests.ofStored(this.#require(workspace, name), signal)
  }

  /** Tries settings before they are stored; see ConnectionTests. */
  testDraft(
    workspace: string,
    draft: ConnectionDraft,
    signal = new AbortController().signal,
  ): AsyncGenerator<TestStep, TestResult> {
    this.#rules.requirePlan(workspace)
    this.#rules.refuseOwnAddress(draft.mcp)
    const stored = draft.name === undefined ? undefined : this.#held.find(workspace, draft.name)
    return this.#tests.ofDraft(draft, stored, signal)
  }

  connectionChanged(upstream: Upstream): void {
    this.#connections.connectionChanged(upstream)
  }

  toolsChanged(upstream: Upstream): void {
    this.#connections.toolsChanged(upstream)
  }

  async #setStatus(workspace: string, name: string, status: Integration['status']): Promise<Integration> {
    return await this.#write(workspace, name, async (held) => {
      if (held.record.status === status) {
        // One that rests until it is needed is needed now.
        if (status === 'active') held.upstream?.session().catch(() => undefined)
        return this.#connections.answer(held)
      }
      const record = { ...held.record, status, updatedAt: new Date().toISOString() }
      await this.#options.store.update(record)
      held.record = record
      if (status === 'active') this.#connections.start(held)
      else {
        held.upstream = undefined
        this.#options.catalog.invalidate(workspace)
        await this.#options.upstreams.stop(record.id)
      }
      return this.#connections.changed(held)
    })
  }

  /** Every write to an existing custom integration: its rules, then one at a time. */
  async #write<Result>(
    workspace: string,
    name: string,
    work: (held: HeldIntegration) => Promise<Result>,
  ): Promise<Result> {
    this.#require(workspace, name)
    this.#rules.requirePlan(workspace)
    return await this.#writes.run(integrationKey(workspace, name), () => work(this.#require(workspace, name)))
  }

  #require(workspace: string, name: string): HeldIntegration {
    this.#options.workspaces.require(workspace)
    const system = this.#options.registry.find(name)
    if (system !== undefined) {
      throw new AppError('invalid_input', { message: `${system.display_name} is not set up yet.`, integration: name })
    }
    const held = this.#held.find(workspace, name)
    if (held !== undefined) return held
    throw new AppError('not_found', { message: `There is no integration named ${name} in this workspace.` })
  }

  #refuseName(workspace: string, name: string): void {
    this.#rules.refuseReserved(name)
    if (this.#held.find(workspace, name) === undefined) return
    const message = `${name} is already used in this workspace.`
    throw new AppError('name_taken', { message, details: [{ path: 'name', message }] })
  }
}
