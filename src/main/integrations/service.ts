import type {
  Integration,
  IntegrationChanges,
  NewIntegration,
  OutputLine,
  ProcessUsage,
} from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import { Late } from '../base/late.ts'
import type { Logger } from '../base/log.ts'
import type { LogoFiles } from '../logos/logo-files.ts'
import type { IntegrationRecord, IntegrationsStore } from '../store/integrations-store.ts'
import type { KeptSource } from '../store/rest-parts.ts'
import type { OffersStore, StoredOffer } from '../store/offers-store.ts'
import type { ToolPinsStore } from '../store/tool-pins-store.ts'
import { OutputRing } from '../upstream/output-ring.ts'
import { nothingHeld, ToolPins } from '../pins/tool-pins.ts'
import { offerOf } from '../rest/rest-offer.ts'
import { emptyOffer, type Offer } from '../upstream/offer.ts'
import { parseOffer } from '../upstream/stored-offer.ts'
import type { ListKind, Upstream, UpstreamListener } from '../upstream/upstream.ts'
import type { Vault } from '../vault/vault.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import { ConnectionTests, type Probe } from './connection-tests.ts'
import { DeletedIntegrations } from './deleted-integrations.ts'
import { titleOf, type HeldIntegration } from './held-integration.ts'
import { HeldIntegrations } from './held-integrations.ts'
import { IntegrationAuthorizations, type Keeper, type KeeperParts } from './integration-authorizations.ts'
import { IntegrationConnections, type Upstreams } from './integration-connections.ts'
import { IntegrationLogos } from './integration-logos.ts'
import { IntegrationRules } from './integration-rules.ts'
import { IntegrationSignIns } from './integration-sign-ins.ts'
import { IntegrationTrials } from './integration-trials.ts'
import { IntegrationWrites } from './integration-writes.ts'
import { SealedCredentials } from './sealed-credentials.ts'
import type { CatalogInvalidator, FilteredTools, ServedIntegration } from './served-integration.ts'
import { isSystem, SystemIntegrations } from './system-integrations.ts'
import type { SystemDrafts } from './system-drafts.ts'
import { systemOffer } from './system-records.ts'
import { SystemWrites, type SystemChanged } from './system-writes.ts'
import type { SystemAdapters } from '../system/adapters.ts'
import type { SystemRegistry } from '../system/registry.ts'
import { ToolApprovals, type Approval } from './tool-approvals.ts'

interface IntegrationsServiceOptions {
  store: IntegrationsStore
  offers: OffersStore
  toolPins: ToolPinsStore
  vault: Vault
  workspaces: WorkspacesService
  registry: SystemRegistry
  /** The code of system integrations. */
  adapters: SystemAdapters
  connectTimeoutMs: number
  upstreams: Upstreams
  probe: Probe
  /** Keeps the grant of one integration. */
  createKeeper: (parts: KeeperParts) => Keeper
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
  systemChanged?: SystemChanged
}

/** What is connected. Reading never touches the disk, because agents wait for it; see IntegrationWrites for the rest. */
export class IntegrationsService implements Omit<UpstreamListener, 'said'> {
  readonly #options: IntegrationsServiceOptions
  readonly #held: HeldIntegrations
  readonly #credentials: SealedCredentials
  readonly #authorizations: IntegrationAuthorizations
  readonly #rules: IntegrationRules
  readonly #connections: IntegrationConnections
  /** Writes to one integration exclude each other. */
  readonly #writes = new KeyedQueue()
  readonly #deleted: DeletedIntegrations
  readonly #logos: IntegrationLogos
  readonly #approvals: ToolApprovals
  readonly #changes: IntegrationWrites
  readonly trials: IntegrationTrials
  readonly signIns: IntegrationSignIns
  /** What system integrations have beside the others; their setup is written and judged by the two below. */
  readonly system: SystemIntegrations
  readonly systemDrafts: Late<SystemDrafts>
  readonly systemWrites: SystemWrites

  constructor(options: IntegrationsServiceOptions) {
    this.#options = options
    this.#held = new HeldIntegrations(options)
    this.#rules = new IntegrationRules(options)
    this.#deleted = new DeletedIntegrations({
      store: options.store,
      writes: this.#writes,
      gone: (id) => options.upstreams.forget(id),
      revoke: async (held) => {
        await this.#authorizations.revoke(held)
        await this.#authorizations.release(held.record.id)
      },
      log: options.log,
    })
    this.#credentials = new SealedCredentials(options.vault, options.log)
    this.#authorizations = new IntegrationAuthorizations({
      ...options,
      held: this.#held,
      credentials: this.#credentials,
      announce: (held) => void this.#connections.announce(held),
    })
    this.#approvals = new ToolApprovals({ ...options, store: options.toolPins, writes: this.#writes })
    this.system = new SystemIntegrations({
      ...options,
      held: this.#held,
      credentials: this.#credentials,
      authorizations: this.#authorizations,
    })
    this.#connections = new IntegrationConnections({
      ...options,
      held: this.#held,
      system: this.system,
      credentials: this.#credentials,
      authorizations: this.#authorizations,
      rules: this.#rules,
      approvals: this.#approvals,
      writes: this.#writes,
    })
    this.#logos = new IntegrationLogos({
      ...options,
      ...options.logos,
      held: this.#held,
      writes: this.#writes,
      announce: (held) => void this.#connections.announce(held),
    })
    this.#changes = new IntegrationWrites({
      ...options,
      held: this.#held,
      rules: this.#rules,
      credentials: this.#credentials,
      authorizations: this.#authorizations,
      connections: this.#connections,
      deleted: this.#deleted,
      logos: this.#logos,
      approvals: this.#approvals,
      writes: this.#writes,
    })
    const shared = {
      ...options,
      held: this.#held,
      system: this.system,
      credentials: this.#credentials,
      authorizations: this.#authorizations,
      connections: this.#connections,
      approvals: this.#approvals,
      rules: this.#rules,
      writes: this.#writes,
      tests: new ConnectionTests(options.probe, this.#credentials, this.#authorizations),
    }
    this.trials = new IntegrationTrials(shared)
    this.signIns = new IntegrationSignIns(shared)
    this.systemDrafts = new Late(async () => new (await import('./system-drafts.ts')).SystemDrafts(shared))
    this.systemWrites = new SystemWrites(shared)
  }

  /** Reads what is stored. */
  async load(): Promise<void> {
    const { store, offers: stored, toolPins, vault } = this.#options
    await this.#deleted.eraseAll()
    const offers = await stored.listAll()
    for (const { record: stored, secrets, oauth } of await store.listAll()) {
      const system = isSystem(stored) ? await this.system.resolve(stored, secrets) : undefined
      if (isSystem(stored) && system === undefined) continue
      const record = system?.record ?? stored
      const texts = offers.get(record.id)
      const offer = system === undefined ? storedOffer(record, texts) : systemOffer(system)
      if (system !== undefined) this.system.keep(system)
      const pins = new ToolPins(await toolPins.of(record.id))
      const masked = this.#credentials.mask(record, secrets)
      const held: HeldIntegration = { record, secrets, oauth, masked, offer, pins, upstream: undefined, revision: 0 }
      this.#held.add(held)
      await this.#approvals.judgeAgain(held)
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
    await this.#authorizations.close()
    await this.system.close()
  }

  /** System integrations first, then custom ones, each by name. */
  list(workspace: string): Integration[] {
    this.#options.workspaces.require(workspace)
    const held = this.#held.of(workspace)
    const unset = this.#options.registry.entries.filter(({ name }) => !held.some(({ record }) => record.name === name))
    const system = [
      ...held.filter(({ record }) => isSystem(record)).map((one) => this.#connections.answer(one)),
      ...unset.map(({ name }) => this.system.unset(workspace, name)),
    ].sort((a, b) => (a.name < b.name ? -1 : 1))
    const custom = held.filter(({ record }) => !isSystem(record))
    return [...system, ...custom.map((one) => this.#connections.answer(one))]
  }

  /** With the tools of a REST API, which lists leave out. */
  get(workspace: string, name: string): Integration {
    if (this.#isUnset(workspace, name)) return this.system.unset(workspace, name)
    return this.#connections.answer(this.#held.require(workspace, name), { tools: true })
  }

  /** What the gateway serves: active ones, by name, each with its connection in whatever state that is. */
  served(workspace: string): ServedIntegration[] {
    return this.#held.of(workspace).flatMap(({ record, upstream, pins }) => {
      if (upstream === undefined) return []
      const { name: slug, description, enabledTools, disabledTools } = record
      const displayName = titleOf(record)
      return { slug, displayName, description, enabledTools, disabledTools, review: pins.review, upstream }
    })
  }

  /** The last known tools and the filter, disabled or not. A system integration that is not set up has none. */
  filteredTools(workspace: string, name: string): FilteredTools {
    if (this.#isUnset(workspace, name)) {
      return { slug: name, enabledTools: [], disabledTools: [], tools: emptyOffer.tools, review: nothingHeld }
    }
    const { record, offer, pins } = this.#held.require(workspace, name)
    const { enabledTools, disabledTools } = record
    return { slug: name, enabledTools, disabledTools, tools: offer.tools, review: pins.review }
  }

  async create(workspace: string, input: NewIntegration): Promise<Integration> {
    return await this.#changes.create(workspace, input)
  }

  async update(workspace: string, name: string, changes: IntegrationChanges): Promise<Integration> {
    return await this.#changes.update(workspace, name, changes)
  }

  async remove(workspace: string, name: string, { undoMs = 0 } = {}): Promise<void> {
    await this.#changes.remove(workspace, name, undoMs)
  }

  async restore(workspace: string, name: string): Promise<Integration> {
    return await this.#changes.restore(workspace, name)
  }

  /** Agents get these tools as their server describes them now; without names all that wait for it. */
  async approveTools(workspace: string, name: string, approval: Approval): Promise<void> {
    await this.#changes.approve(workspace, name, approval)
  }

  /** How many custom ones a workspace has. */
  count(workspace: string): number {
    return this.#held.of(workspace).filter(({ record }) => !isSystem(record)).length
  }

  /**
   * Of a workspace that is about to be deleted: what was removed and could still be brought back, and system integrations,
   * which nobody can remove one by one.
   */
  async eraseDeleted(workspace: string): Promise<void> {
    await this.#deleted.eraseOf(workspace)
    await this.systemWrites.eraseOf(workspace)
  }

  async enable(workspace: string, name: string): Promise<Integration> {
    return await this.#changes.setStatus(workspace, name, 'active')
  }

  async disable(workspace: string, name: string): Promise<Integration> {
    return await this.#changes.setStatus(workspace, name, 'disabled')
  }

  /** Connects anew now; not a write, so it works on every plan. */
  restart(workspace: string, name: string): Integration {
    const held = this.#held.require(workspace, name)
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
    if (this.#isUnset(workspace, name)) return null
    return await this.#options.upstreams.usage(this.#held.require(workspace, name).record.id)
  }

  /** Undefined for a system integration that is not set up: nothing has happened to it yet. */
  #output(workspace: string, name: string): OutputRing | undefined {
    if (this.#isUnset(workspace, name)) return undefined
    return this.#options.upstreams.output(this.#held.require(workspace, name).record.id)
  }

  /** Connects everything anew that is active, in every workspace. */
  restartAll(): void {
    this.#connections.restartAll()
  }

  /** What the tools of a REST API were imported from, with its text. Undefined: they were made by hand. */
  async source(workspace: string, name: string): Promise<KeptSource | undefined> {
    return await this.#options.store.source(this.#held.require(workspace, name).record.id)
  }

  /** A system integration that is not set up. */
  #isUnset(workspace: string, name: string): boolean {
    this.#options.workspaces.require(workspace)
    return this.#held.find(workspace, name) === undefined && this.#options.registry.find(name) !== undefined
  }

  connectionChanged(upstream: Upstream): void {
    this.#connections.connectionChanged(upstream)
  }

  offerChanged(upstream: Upstream, kinds: readonly ListKind[]): void {
    this.#connections.offerChanged(upstream, kinds)
  }
}

function storedOffer(record: IntegrationRecord, texts: StoredOffer | undefined): Offer {
  if (record.protocol === 'rest') return offerOf(record.rest.tools)
  return texts === undefined ? emptyOffer : parseOffer(texts)
}
