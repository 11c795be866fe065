import type { Integration } from '../../shared/contract/integrations.ts'
import type { Emitter } from '../base/emitter.ts'
import type { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import type { SealedRow } from '../store/integrations-store.ts'
import { apart } from '../store/sealed-rows.ts'
import type { OffersStore } from '../store/offers-store.ts'
import type { UpstreamPool } from '../upstream/pool.ts'
import { textsOf } from '../upstream/stored-offer.ts'
import type { ListKind, RestSecrets, Upstream, UpstreamListener, UpstreamSpec } from '../upstream/upstream.ts'
import { toIntegration, type HeldIntegration } from './held-integration.ts'
import { integrationKey, type HeldIntegrations } from './held-integrations.ts'
import type { IntegrationAuthorizations } from './integration-authorizations.ts'
import type { IntegrationRules } from './integration-rules.ts'
import type { SealedCredentials } from './sealed-credentials.ts'
import type { CatalogInvalidator } from './served-integration.ts'
import type { SystemIntegrations } from './system-integrations.ts'
import type { ToolApprovals } from './tool-approvals.ts'

/** Starting one that is there replaces it. */
export type Upstreams = Pick<UpstreamPool, 'stop' | 'output' | 'usage' | 'forget'> & {
  start(spec: UpstreamSpec): Upstream
}

interface IntegrationConnectionsOptions {
  held: HeldIntegrations
  credentials: SealedCredentials
  authorizations: IntegrationAuthorizations
  rules: IntegrationRules
  /** The queue of all writes, by integration. */
  writes: KeyedQueue
  approvals: ToolApprovals
  system: Pick<SystemIntegrations, 'ownTools'>
  upstreams: Upstreams
  offers: OffersStore
  catalog: CatalogInvalidator
  emitter: Emitter
  log: Logger
}

/**
 * After a start the machine belongs to the gateway and to who asks it. A process whose tools are known takes it away from
 * both, and nobody waits for it but who calls it, for whom it starts at once.
 */
const KNOWN_REST_MS = 1_000

/** Between what is held of integrations and what connects them: begins connections, and tells what becomes of them. */
export class IntegrationConnections implements Omit<UpstreamListener, 'said'> {
  readonly #options: IntegrationConnectionsOptions
  #when: 'always' | 'on_demand' = 'always'
  /** Of all integrations together: one that takes the name of another goes on counting. */
  #revision = 0

  constructor(options: IntegrationConnectionsOptions) {
    this.#options = options
  }

  /** Begins to connect everything that is active, now or each when a call needs it. */
  startAll(when: 'always' | 'on_demand'): void {
    this.#when = when
    if (when === 'always') this.#options.authorizations.loadAll()
    for (const held of this.#options.held.all()) {
      if (held.record.status === 'active') this.start(held, { restMs: when === 'on_demand' ? Infinity : restOf(held) })
    }
  }

  start(held: HeldIntegration, { restMs = 0 } = {}): void {
    const { id, workspace, name } = held.record
    const spec = { id, workspace, slug: name, lastKnown: held.offer, restMs }
    held.upstream = this.#options.upstreams.start({ ...spec, ...this.#targetOf(held) })
  }

  #targetOf(held: HeldIntegration) {
    const { rules, credentials, authorizations } = this.#options
    const { record } = held
    if (record.protocol === 'mcp') {
      const secrets = () => {
        rules.refuseOwnAddress(record)
        const token = authorizations.tokenFor(held)
        return { ...credentials.forMcp(record, record, held.secrets), ...(token && { token }) }
      }
      return { protocol: record.protocol, mcp: record.mcp, secrets }
    }
    // Asked for with each call, so what was unsealed is kept while the rows and the vault are what they were.
    let unsealed: { rows: SealedRow[]; secrets: RestSecrets } | undefined
    const secrets = () => {
      rules.refuseOwnAddress(record)
      const { secrets: rows } = held
      const token = authorizations.tokenFor(held)
      if (unsealed?.rows !== rows || credentials.locked(record, rows)) {
        unsealed = { rows, secrets: { ...credentials.forRest(record, record, rows), ...(token && { token }) } }
      }
      return unsealed.secrets
    }
    return { protocol: record.protocol, rest: record.rest, own: this.#options.system.ownTools(held), secrets }
  }

  /** Other tools of a REST API that is reached as before. */
  retool({ record, offer, upstream }: HeldIntegration): void {
    if (record.protocol === 'rest') upstream?.retool?.(record.rest, offer)
  }

  restartAll(): void {
    for (const { upstream } of this.#options.held.all()) upstream?.restart()
  }

  connectionChanged(upstream: Upstream): void {
    const held = this.#options.held.byId(upstream.id)
    if (held?.upstream === upstream) this.announce(held)
  }

  offerChanged(upstream: Upstream, kinds: readonly ListKind[]): void {
    const held = this.#options.held.byId(upstream.id)
    if (held?.upstream !== upstream) return
    const { workspace, name } = held.record
    held.offer = upstream.offer
    // Before anybody is told: no agent may get a tool that is not approved.
    this.#options.approvals.listed(held)
    void this.#options.writes.run(integrationKey(workspace, name), () => this.#keepOffer(held, kinds))
    if (kinds.includes('tools')) this.#options.emitter.emit(workspace, { type: 'tools_changed', integration: name })
    this.changed(held)
  }

  vaultOpened(): void {
    const { held: all, credentials, authorizations } = this.#options
    for (const held of all.all()) {
      if (held.secrets.length + held.oauth.length === 0) continue
      held.masked = credentials.mask(held.record, held.secrets)
      authorizations.reload(held)
      const waits = this.#when === 'always' && credentials.needed(held.record, [...held.secrets, ...held.oauth])
      // What was connected when the admin locked the vault still is.
      if (waits && held.upstream?.connection.state !== 'connected') held.upstream?.restart()
      this.announce(held)
    }
  }

  /** All are sealed with another key, or erased: then what was connected with them connects anew, without. */
  secretsReplaced(rows: readonly SealedRow[]): void {
    const { held: all, credentials, authorizations } = this.#options
    for (const held of all.all()) {
      const former = [...held.secrets, ...held.oauth]
      if (former.length === 0) continue
      const now = rows.filter((row) => row.ownerId === held.record.id)
      const lost = now.length === 0 && credentials.needed(held.record, former)
      const { secrets, oauth } = apart(now)
      this.setSecrets(held, secrets)
      held.oauth = oauth
      authorizations.reload(held)
      if (lost && held.upstream !== undefined) this.start(held)
      this.announce(held)
    }
  }

  setSecrets(held: HeldIntegration, secrets: SealedRow[]): void {
    held.secrets = secrets
    held.masked = this.#options.credentials.mask(held.record, secrets)
  }

  /** What agents see of it may be another: tells the gateway and the doors. */
  changed(held: HeldIntegration): Integration {
    this.#options.catalog.invalidate(held.record.workspace)
    return this.announce(held)
  }

  /** As the API tells it. `tools`: with those of a REST API, which lists and events leave out. */
  answer(held: HeldIntegration, { tools = false } = {}): Integration {
    const { credentials, authorizations } = this.#options
    return toIntegration(held, {
      locked: credentials.locked(held.record, [...held.secrets, ...held.oauth]),
      tools,
      oauth: authorizations.statusOf(held),
    })
  }

  /** Of a change that leaves nothing to be announced. */
  nextRevision(): number {
    return ++this.#revision
  }

  /** Tells the doors. */
  announce(held: HeldIntegration): Integration {
    held.revision = this.nextRevision()
    const integration = this.answer(held)
    this.#options.emitter.emit(held.record.workspace, { type: 'integration_changed', integration })
    return integration
  }

  async #keepOffer({ record, offer }: HeldIntegration, kinds: readonly ListKind[]): Promise<void> {
    try {
      await this.#options.offers.set(record.id, textsOf(offer, kinds))
    } catch (error) {
      // It is served from memory all the same; after a restart it comes from the server again.
      this.#options.log.warn({ error, integration: record.name }, 'what a server offers could not be stored')
    }
  }
}

/** Servers that are reached over a network cost nothing to connect to. */
function restOf({ record, offer }: HeldIntegration): number {
  const isProcess = record.protocol === 'mcp' && record.mcp.transport === 'stdio'
  return isProcess && offer.tools.tools.length > 0 ? KNOWN_REST_MS : 0
}
