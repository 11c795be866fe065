import { randomUUID } from 'node:crypto'
import {
  RESERVED_SLUGS,
  type ConnectionDraft,
  type Credentials,
  type Integration,
  type IntegrationChanges,
  type McpSettings,
  type NewIntegration,
  type TestResult,
  type TestStep,
} from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import type { IntegrationRecord, IntegrationsStore, SealedRow } from '../store/integrations-store.ts'
import type { ToolListsStore } from '../store/tool-lists-store.ts'
import { emptyToolList, parseToolList } from '../upstream/tool-list.ts'
import type { Upstream, UpstreamListener, UpstreamSecrets, UpstreamSpec } from '../upstream/upstream.ts'
import type { Vault } from '../vault/vault.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import { credentialProblems, maskFields, secretFields, upstreamSecrets, usedFields } from './credentials.ts'
import { toIntegration, toSystemIntegration, type HeldIntegration } from './held-integration.ts'
import { sealFields, unsealField } from './sealed-credentials.ts'
import type { CatalogInvalidator, ServedIntegration } from './served-integration.ts'
import type { SystemRegistry } from './system-registry.ts'

interface IntegrationsServiceOptions {
  store: IntegrationsStore
  toolLists: ToolListsStore
  vault: Vault
  workspaces: WorkspacesService
  registry: SystemRegistry
  upstreams: { start(spec: UpstreamSpec): Upstream; stop(id: string): Promise<void> }
  probe: (
    spec: Pick<UpstreamSpec, 'slug' | 'mcp' | 'secrets'>,
    signal: AbortSignal | undefined,
  ) => AsyncGenerator<TestStep, TestResult>
  catalog: CatalogInvalidator
  emitter: Emitter
  log: Logger
}

/**
 * What is connected: rules, storage and connections of integrations. The store is written first, then memory, then the
 * connection; reading never touches the disk, because agents wait for it.
 */
export class IntegrationsService implements UpstreamListener {
  readonly #options: IntegrationsServiceOptions
  readonly #bySlug = new Map<string, HeldIntegration>()
  readonly #byId = new Map<string, HeldIntegration>()
  /** Writes to one integration exclude each other. */
  readonly #writes = new KeyedQueue()

  constructor(options: IntegrationsServiceOptions) {
    this.#options = options
  }

  /** Reads what is stored. Nothing is served before `connect`. */
  async load(): Promise<void> {
    const { store, toolLists, vault } = this.#options
    const lists = await toolLists.listAll()
    for (const { record, secrets } of await store.listAll()) {
      const text = lists.get(record.id)
      const tools = text === undefined ? emptyToolList : parseToolList(text)
      const held = { record, secrets, masked: this.#mask(record, secrets), tools, upstream: undefined }
      this.#hold(held)
    }
    vault.whenOpened(() => this.#vaultOpened())
  }

  /** Starts to connect what is active, and waits for none of it: agents see the last known tools from here on. */
  connect(): void {
    for (const held of this.#byId.values()) {
      if (held.record.status !== 'active') continue
      this.#connect(held)
      this.#options.catalog.invalidate(held.record.workspace)
    }
  }

  /** Waits for what is being written. The connections are closed by their pool. */
  async close(): Promise<void> {
    await this.#writes.idle()
  }

  /** System integrations first, then custom ones, each by name. */
  list(workspace: string): Integration[] {
    const { created_at } = this.#options.workspaces.require(workspace)
    const system = this.#options.registry.entries.map((entry) => toSystemIntegration(entry, created_at))
    return [...system, ...this.#heldIn(workspace).map((held) => this.#answer(held))]
  }

  get(workspace: string, name: string): Integration {
    const { created_at } = this.#options.workspaces.require(workspace)
    const system = this.#options.registry.find(name)
    return system === undefined ? this.#answer(this.#require(workspace, name)) : toSystemIntegration(system, created_at)
  }

  /** What the gateway serves: active ones, by slug, each with its connection in whatever state that is. */
  served(workspace: string): ServedIntegration[] {
    return this.#heldIn(workspace).flatMap(({ record, upstream }) =>
      upstream === undefined
        ? []
        : {
            slug: record.name,
            displayName: record.displayName === '' ? record.name : record.displayName,
            description: record.description,
            enabledTools: record.enabledTools,
            disabledTools: record.disabledTools,
            upstream,
          },
    )
  }

  async create(workspace: string, input: NewIntegration): Promise<Integration> {
    this.#requirePlan(workspace)
    return await this.#writes.run(keyOf(workspace, input.name), async () => {
      this.#refuseName(workspace, input.name)
      const now = new Date().toISOString()
      const record: IntegrationRecord = {
        id: randomUUID(),
        workspace,
        name: input.name,
        displayName: input.display_name,
        description: input.description,
        logoUrl: input.logo_url,
        category: input.category,
        status: 'active',
        mcp: input.mcp,
        authType: input.auth_type,
        authHeaderPrefix: input.auth_header_prefix,
        auth: input.auth,
        enabledTools: input.enabled_tools,
        disabledTools: input.disabled_tools,
        createdAt: now,
        updatedAt: now,
      }
      const secrets = await this.#seal(record, input.credentials ?? {})
      await this.#options.store.insert(record, secrets)
      const masked = this.#mask(record, secrets)
      const held: HeldIntegration = { record, secrets, masked, tools: emptyToolList, upstream: undefined }
      this.#hold(held)
      this.#connect(held)
      return this.#changed(held)
    })
  }

  /**
   * Metadata and filters apply at once and leave the connection alone. Connection settings and credentials are replaced
   * as a whole where they are given, and then it connects anew.
   */
  async update(workspace: string, name: string, changes: IntegrationChanges): Promise<Integration> {
    return await this.#write(workspace, name, async (held) => {
      const before = held.record
      const record: IntegrationRecord = {
        ...before,
        displayName: changes.display_name ?? before.displayName,
        description: changes.description ?? before.description,
        logoUrl: changes.logo_url ?? before.logoUrl,
        category: changes.category ?? before.category,
        mcp: changes.mcp ?? before.mcp,
        authType: changes.auth_type ?? before.authType,
        authHeaderPrefix: changes.auth_header_prefix ?? before.authHeaderPrefix,
        auth: changes.auth ?? before.auth,
        enabledTools: changes.enabled_tools ?? before.enabledTools,
        disabledTools: changes.disabled_tools ?? before.disabledTools,
        updatedAt: new Date().toISOString(),
      }
      let secrets: SealedRow[] | undefined
      if (changes.credentials !== undefined) secrets = await this.#seal(record, changes.credentials)
      else refuse(credentialProblems(record, fieldsOf(held.secrets)))
      await this.#options.store.update(record, secrets)
      held.record = record
      if (secrets !== undefined) {
        held.secrets = secrets
        held.masked = this.#mask(record, secrets)
      }
      if (!sameServer(before.mcp, record.mcp)) {
        // The tools of another server are not the tools of this one.
        await this.#options.toolLists.delete(record.id)
        held.tools = emptyToolList
      }
      if (held.upstream !== undefined && (secrets !== undefined || !sameConnection(before, record))) {
        await this.#options.upstreams.stop(record.id)
        this.#connect(held)
      }
      return this.#changed(held)
    })
  }

  /** With its secrets and its tool list, at once. */
  async remove(workspace: string, name: string): Promise<void> {
    if (this.#options.registry.find(name) !== undefined) throw new AppError('system_integration')
    await this.#write(workspace, name, async ({ record }) => {
      await this.#options.store.delete(record.id)
      this.#bySlug.delete(keyOf(workspace, name))
      this.#byId.delete(record.id)
      this.#options.catalog.invalidate(workspace)
      this.#options.emitter.emit(workspace, { type: 'integration_removed', name })
      await this.#options.upstreams.stop(record.id)
    })
  }

  async enable(workspace: string, name: string): Promise<Integration> {
    return await this.#setStatus(workspace, name, 'active')
  }

  async disable(workspace: string, name: string): Promise<Integration> {
    return await this.#setStatus(workspace, name, 'disabled')
  }

  /** Connects anew now; not a write, so it works on every plan. */
  restart(workspace: string, name: string): Integration {
    this.#refuseSystem(workspace, name)
    const held = this.#require(workspace, name)
    if (held.upstream === undefined) {
      throw new AppError('invalid_input', { message: `${name} is disabled. Enable it first.`, integration: name })
    }
    held.upstream.restart()
    return this.#answer(held)
  }

  /** Tries the stored settings in a connection of its own. */
  async test(workspace: string, name: string, signal?: AbortSignal): Promise<TestResult> {
    this.#refuseSystem(workspace, name)
    const { record, secrets } = this.#require(workspace, name)
    const unsealed = this.#unseal(record, secrets)
    const steps = this.#options.probe({ slug: name, mcp: record.mcp, secrets: () => unsealed }, signal)
    let step = await steps.next()
    while (step.done !== true) step = await steps.next()
    return step.value
  }

  /**
   * Tries settings before they are stored. Secrets that the draft leaves out come from the integration it names, but only
   * for the server that they were given for: a draft must not carry them to another one.
   */
  testDraft(workspace: string, draft: ConnectionDraft, signal?: AbortSignal): AsyncGenerator<TestStep, TestResult> {
    this.#requirePlan(workspace)
    const { mcp } = draft
    const settings = {
      mcp,
      authType: draft.auth_type,
      authHeaderPrefix: draft.auth_header_prefix,
      auth: draft.auth,
    }
    const slug = draft.name ?? 'new'
    const stored = this.#bySlug.get(keyOf(workspace, slug))
    let secrets: UpstreamSecrets
    if (draft.credentials !== undefined || stored === undefined) {
      const fields = secretFields(draft.credentials ?? {})
      refuse(credentialProblems(settings, fields.keys(), draft.credentials))
      for (const value of fields.values()) this.#options.log.redactor.register(value)
      secrets = upstreamSecrets(settings, fields)
    } else {
      refuse(credentialProblems(settings, fieldsOf(stored.secrets)))
      const needed = usedFields(settings, fieldsOf(stored.secrets)).length > 0
      if (needed && !sameTarget(stored.record.mcp, mcp)) {
        const message =
          'The stored credentials belong to another server. Enter the credentials for this one to test it.'
        throw new AppError('invalid_input', { message, details: [{ path: 'credentials', message }] })
      }
      secrets = this.#unseal({ ...stored.record, ...settings }, stored.secrets)
    }
    return this.#options.probe({ slug, mcp, secrets: () => secrets }, signal)
  }

  connectionChanged(upstream: Upstream): void {
    const held = this.#byId.get(upstream.id)
    if (held?.upstream === upstream) this.#announce(held)
  }

  toolsChanged(upstream: Upstream): void {
    const held = this.#byId.get(upstream.id)
    if (held?.upstream !== upstream) return
    const { id, workspace, name } = held.record
    held.tools = upstream.tools
    void this.#writes.run(`tools of ${id}`, () => this.#keepTools(id, upstream.tools.text))
    this.#options.catalog.invalidate(workspace)
    this.#options.emitter.emit(workspace, { type: 'tools_changed', integration: name })
    this.#announce(held)
  }

  async #keepTools(id: string, text: string): Promise<void> {
    try {
      await this.#options.toolLists.set(id, text)
    } catch (error) {
      // They are served from memory all the same; after a restart they come from the server again.
      this.#options.log.warn({ error, integration: this.#byId.get(id)?.record.name }, 'tool list could not be stored')
    }
  }

  async #setStatus(workspace: string, name: string, status: Integration['status']): Promise<Integration> {
    return await this.#write(workspace, name, async (held) => {
      if (held.record.status === status) return this.#answer(held)
      const record = { ...held.record, status, updatedAt: new Date().toISOString() }
      await this.#options.store.update(record)
      held.record = record
      if (status === 'active') this.#connect(held)
      else {
        held.upstream = undefined
        this.#options.catalog.invalidate(workspace)
        await this.#options.upstreams.stop(record.id)
      }
      return this.#changed(held)
    })
  }

  /** Every write to an existing custom integration: its rules, then one at a time. */
  async #write<Result>(
    workspace: string,
    name: string,
    work: (held: HeldIntegration) => Promise<Result>,
  ): Promise<Result> {
    this.#refuseSystem(workspace, name)
    this.#require(workspace, name)
    this.#requirePlan(workspace)
    return await this.#writes.run(keyOf(workspace, name), () => work(this.#require(workspace, name)))
  }

  async #seal(record: IntegrationRecord, credentials: Credentials): Promise<SealedRow[]> {
    const fields = secretFields(credentials)
    refuse(credentialProblems(record, fields.keys(), credentials))
    if (fields.size > 0) await this.#options.vault.ensureKey()
    return sealFields(this.#options.vault, record, fields)
  }

  #unseal(record: IntegrationRecord, secrets: SealedRow[]): UpstreamSecrets {
    const used = new Set(usedFields(record, fieldsOf(secrets)))
    const rows = secrets.filter((row) => used.has(row.field))
    return upstreamSecrets(
      record,
      new Map(rows.map((row) => [row.field, unsealField(this.#options.vault, record, row)])),
    )
  }

  #mask(record: IntegrationRecord, secrets: SealedRow[]): Integration['credentials'] {
    const { vault, log } = this.#options
    const read = (row: SealedRow) => {
      if (!vault.isOpen) return undefined
      try {
        return unsealField(vault, record, row)
      } catch (error) {
        log.warn({ error, integration: record.name, field: row.field }, 'stored secret can not be read')
        return undefined
      }
    }
    return maskFields(new Map(secrets.map((row) => [row.field, read(row)])))
  }

  #connect(held: HeldIntegration): void {
    const { record, secrets, tools } = held
    held.upstream = this.#options.upstreams.start({
      id: record.id,
      workspace: record.workspace,
      slug: record.name,
      mcp: record.mcp,
      secrets: () => this.#unseal(record, secrets),
      lastKnownTools: tools,
    })
  }

  #vaultOpened(): void {
    for (const held of this.#byId.values()) {
      if (held.secrets.length === 0) continue
      held.masked = this.#mask(held.record, held.secrets)
      if (this.#needsSecrets(held)) held.upstream?.restart()
      this.#announce(held)
    }
  }

  #hold(held: HeldIntegration): void {
    this.#bySlug.set(keyOf(held.record.workspace, held.record.name), held)
    this.#byId.set(held.record.id, held)
  }

  #heldIn(workspace: string): HeldIntegration[] {
    return [...this.#bySlug.values()]
      .filter(({ record }) => record.workspace === workspace)
      .sort((a, b) => (a.record.name < b.record.name ? -1 : 1))
  }

  #changed(held: HeldIntegration): Integration {
    this.#options.catalog.invalidate(held.record.workspace)
    return this.#announce(held)
  }

  #announce(held: HeldIntegration): Integration {
    const integration = this.#answer(held)
    this.#options.emitter.emit(held.record.workspace, { type: 'integration_changed', integration })
    return integration
  }

  #answer(held: HeldIntegration): Integration {
    return toIntegration(held, !this.#options.vault.isOpen && this.#needsSecrets(held))
  }

  #needsSecrets({ record, secrets }: HeldIntegration): boolean {
    return usedFields(record, fieldsOf(secrets)).length > 0
  }

  #require(workspace: string, name: string): HeldIntegration {
    this.#options.workspaces.require(workspace)
    const held = this.#bySlug.get(keyOf(workspace, name))
    if (held !== undefined) return held
    throw new AppError('not_found', { message: `There is no integration named ${name} in this workspace.` })
  }

  #requirePlan(workspace: string): void {
    const { plan } = this.#options.workspaces.require(workspace)
    if (plan === 'enterprise') return
    throw new AppError('plan_required', {
      message: `Custom integrations need the Enterprise plan; this workspace is on ${plan}. What is connected keeps serving.`,
    })
  }

  #refuseName(workspace: string, name: string): void {
    const reserved = [...RESERVED_SLUGS, ...this.#options.registry.entries.map((entry) => entry.name)]
    if (reserved.includes(name)) refuse([{ path: 'name', message: `${name} is reserved. Choose another name.` }])
    if (!this.#bySlug.has(keyOf(workspace, name))) return
    const message = `${name} is already used in this workspace.`
    throw new AppError('name_taken', { message, details: [{ path: 'name', message }] })
  }

  #refuseSystem(workspace: string, name: string): void {
    this.#options.workspaces.require(workspace)
    const entry = this.#options.registry.find(name)
    if (entry === undefined) return
    throw new AppError('invalid_input', { message: `${entry.display_name} is not set up yet.`, integration: name })
  }
}

function refuse(problems: AppError['details']): void {
  const [first, ...more] = problems
  if (first === undefined) return
  const message = more.length === 0 ? first.message : `${problems.length} fields are not valid. ${first.message}`
  throw new AppError('invalid_input', { message, details: problems })
}

/** A slug holds no slash. */
function keyOf(workspace: string, name: string): string {
  return `${workspace}/${name}`
}

function fieldsOf(secrets: SealedRow[]): string[] {
  return secrets.map((row) => row.field)
}

function sameConnection(a: IntegrationRecord, b: IntegrationRecord): boolean {
  const settings = ({ mcp, authType, authHeaderPrefix, auth }: IntegrationRecord) =>
    JSON.stringify([mcp, authType, authHeaderPrefix, auth])
  return settings(a) === settings(b)
}

/** Whether the same server answers, so that its last known tools still hold. */
function sameServer(a: McpSettings, b: McpSettings): boolean {
  if (a.transport === 'http' && b.transport === 'http') return a.server_url === b.server_url
  return a.transport === 'stdio' && b.transport === 'stdio' && sameArgv(a, b)
}

function sameArgv(a: { command: string; args: string[] }, b: { command: string; args: string[] }): boolean {
  return JSON.stringify([a.command, a.args]) === JSON.stringify([b.command, b.args])
}

/** Whether secrets that were given for `stored` may go to `draft`: the same origin, or the same command. */
function sameTarget(stored: McpSettings, draft: McpSettings): boolean {
  if (stored.transport === 'http' && draft.transport === 'http') {
    return new URL(stored.server_url).origin === new URL(draft.server_url).origin
  }
  return stored.transport === 'stdio' && draft.transport === 'stdio' && stored.command === draft.command
}
