import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Emitter } from '../../../src/main/base/emitter.ts'
import type { Logger } from '../../../src/main/base/log.ts'
import type { Keeper, KeeperParts } from '../../../src/main/integrations/integration-authorizations.ts'
import { IntegrationsService } from '../../../src/main/integrations/service.ts'
import { SystemAdapters } from '../../../src/main/system/adapters.ts'
import { SystemRegistry } from '../../../src/main/system/registry.ts'
import { writtenEntries } from '../../../src/main/system/registry-files.ts'
import { LogoFiles } from '../../../src/main/logos/logo-files.ts'
import type { RecordChanges } from '../../../src/main/oauth/keeper-options.ts'
import type { OAuthRecords } from '../../../src/main/oauth/records.ts'
import { Database } from '../../../src/main/store/database.ts'
import { IntegrationsStore } from '../../../src/main/store/integrations-store.ts'
import { MetaStore } from '../../../src/main/store/meta-store.ts'
import { OffersStore } from '../../../src/main/store/offers-store.ts'
import { SecretsStore } from '../../../src/main/store/secrets-store.ts'
import { ToolPinsStore } from '../../../src/main/store/tool-pins-store.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'
import { OutputRing } from '../../../src/main/upstream/output-ring.ts'
import type {
  RestSecrets,
  RestTarget,
  Upstream,
  UpstreamSecrets,
  UpstreamSpec,
} from '../../../src/main/upstream/upstream.ts'
import { Vault } from '../../../src/main/vault/vault.ts'
import { WorkspacesService } from '../../../src/main/workspaces/service.ts'
import {
  NewMcpIntegration,
  type ConnectionState,
  type McpSettings,
  type TestResult,
  type TestStep,
} from '../../../src/shared/contract/integrations.ts'
import type { OAuthStatus } from '../../../src/shared/contract/oauth.ts'
import { recordedLog, temporaryFolder } from '../store/fresh-store.ts'
import { emptyWorkspaces } from '../workspaces/empty-workspaces.ts'
import { FakeKeychain } from '../vault/vault-fixture.ts'

const registry = new SystemRegistry(writtenEntries('resources/registry'))

/** Connects at once where its secrets can be had, or when it is asked to. */
class FakeUpstream implements Upstream {
  readonly id: string
  readonly slug: string
  readonly spec: UpstreamSpec
  offer: Upstream['offer']
  secrets: UpstreamSecrets | RestSecrets | undefined
  failure: unknown
  restarts = 0
  closed = false
  #state: ConnectionState = 'connecting'

  constructor(spec: UpstreamSpec) {
    this.id = spec.id
    this.slug = spec.slug
    this.spec = spec
    this.offer = spec.lastKnown
    if (spec.restMs !== Infinity) this.#try()
  }

  get tools(): Upstream['tools'] {
    return this.offer.tools
  }

  set tools(tools: Upstream['tools']) {
    this.offer = { ...this.offer, tools }
  }

  get connection(): Upstream['connection'] {
    return {
      state: this.#state,
      error: null,
      protocol_version: '2025-11-25',
      server_info: null,
      tool_count: this.tools.tools.length,
      warnings: [],
      since: '2026-01-01T00:00:00.000Z',
      next_retry_at: null,
    }
  }

  session(): Promise<never> {
    this.#try()
    return Promise.reject(new Error('not used here'))
  }

  subscribe(): () => void {
    return () => undefined
  }

  wantLogLevel(): () => void {
    return () => undefined
  }

  freshen(): void {
    return
  }

  release(): void {
    return
  }

  restart(): void {
    this.restarts++
    this.#try()
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }

  #try(): void {
    try {
      this.secrets = this.spec.secrets()
      this.failure = undefined
      this.#state = 'connected'
    } catch (error) {
      this.failure = error
      this.#state = 'error'
    }
  }
}

/** Keeps what it is told to keep, asks nobody, and says that one is signed in while a grant is stored. */
export class FakeKeeper implements Keeper {
  readonly parts: KeeperParts
  records: OAuthRecords = {}
  loads = 0
  revoked = 0
  closed = false
  problem: { code: string; message: string } | null = null
  readonly pending = undefined

  constructor(parts: KeeperParts) {
    this.parts = parts
  }

  load(): void {
    this.loads++
    this.problem = null
    try {
      this.records = this.parts.records.read()
    } catch {
      this.records = {}
    }
  }

  current(): string | undefined {
    const { grant } = this.records
    return grant && this.problem === null ? `Bearer ${grant.accessToken}` : undefined
  }

  renew(): Promise<string> {
    return Promise.resolve(this.current() ?? 'Bearer asked-for-it')
  }

  async keep(changes: RecordChanges): Promise<void> {
    await this.parts.records.write(changes)
    this.records = this.parts.records.read()
  }

  authorize(): ReturnType<Keeper['authorize']> {
    return Promise.resolve({ authorization_url: 'https://as.example.com/', redirect_uri: null, expires_at: null })
  }

  finish(): Promise<void> {
    return Promise.resolve()
  }

  cancel(): Promise<void> {
    return Promise.resolve()
  }

  async disconnect(): Promise<void> {
    await this.keep({ grant: null })
    this.revoked++
  }

  status(): OAuthStatus {
    return {
      state: this.records.grant === undefined ? 'signed_out' : this.problem === null ? 'signed_in' : 'ended',
      issuer: this.records.grant?.server.issuer ?? null,
      issuers: [],
      client_id: null,
      registration: null,
      scopes: [],
      missing_scopes: [],
      expires_at: null,
      renews: false,
      signed_in_at: null,
      waiting: null,
      redirect_uri: 'http://127.0.0.1:7420/oauth/callback',
      problem: this.problem,
    }
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

class FakePool {
  readonly started: FakeUpstream[] = []
  readonly outputs = new Map<string, OutputRing>()

  start(spec: UpstreamSpec): FakeUpstream {
    void this.stop(spec.id)
    const upstream = new FakeUpstream(spec)
    this.started.push(upstream)
    return upstream
  }

  async stop(id: string): Promise<void> {
    for (const upstream of this.started) if (upstream.id === id) await upstream.close()
  }

  output(id: string): OutputRing {
    const output = this.outputs.get(id) ?? new OutputRing()
    this.outputs.set(id, output)
    return output
  }

  usage(): Promise<null> {
    return Promise.resolve(null)
  }

  forget(id: string): void {
    this.outputs.get(id)?.close()
    this.outputs.delete(id)
  }

  /** The latest one of this name. */
  of(slug: string): FakeUpstream {
    const upstream = this.started.findLast((one) => one.slug === slug)
    if (upstream === undefined) throw new Error(`${slug} was never started`)
    return upstream
  }
}

export interface Profile {
  file: string
  keychain: FakeKeychain
}

export function freshProfile(): Profile {
  return { file: join(temporaryFolder(), 'gatehouse.db'), keychain: new FakeKeychain() }
}

export interface Started {
  integrations: IntegrationsService
  workspaces: WorkspacesService
  vault: Vault
  pool: FakePool
  /** All that were made, those included that are closed. */
  keepers: FakeKeeper[]
  emitter: Emitter
  database: Database
  /** What the last connection test was given. */
  probed: { mcp?: McpSettings; rest?: RestTarget; secrets: UpstreamSecrets | RestSecrets }[]
  invalidated: string[]
  log: Logger
  lines: string[]
  stop(): Promise<void>
}

const noLogo = () => Promise.reject(new Error('There is no network here.'))

/** The service on a real store and a real vault; only keychain and connections are fakes. */
export async function start(
  { file, keychain }: Profile,
  connect: 'always' | 'on_demand' = 'always',
  fetchLogo: (url: string, signal: AbortSignal) => Promise<Buffer> = noLogo,
): Promise<Started> {
  const { log, lines } = recordedLog()
  const database = await Database.open(file, { log })
  const emitter = new Emitter()
  const store = new IntegrationsStore(database)
  const meta = new MetaStore(database)
  const secrets = new SecretsStore(database)
  const redactor = log.redactor
  const vault = new Vault({ settings: { backend: 'keychain' }, keychain, meta, secrets, emitter, redactor })
  await vault.open()
  const workspaces = new WorkspacesService({ store: new WorkspacesStore(database), contents: emptyWorkspaces, emitter })
  await workspaces.start()
  const pool = new FakePool()
  const keepers: FakeKeeper[] = []
  const probed: Started['probed'] = []
  const invalidated: string[] = []
  const integrations = new IntegrationsService({
    store,
    offers: new OffersStore(database),
    toolPins: new ToolPinsStore(database),
    vault,
    workspaces,
    registry,
    adapters: new SystemAdapters({}),
    connectTimeoutMs: 1_000,
    upstreams: pool,
    probe: async function* (spec) {
      const place = spec.protocol === 'mcp' ? { mcp: spec.mcp } : { rest: spec.rest }
      probed.push({ ...place, secrets: spec.secrets() })
      yield { step: 'resolve', state: 'ok', message: '', duration_ms: 1 } satisfies TestStep
      return await Promise.resolve(passed)
    },
    createKeeper: (parts) => {
      const keeper = new FakeKeeper(parts)
      keepers.push(keeper)
      return keeper
    },
    catalog: { invalidate: (workspace) => void invalidated.push(workspace) },
    logos: { files: new LogoFiles(join(dirname(file), 'logos')), fetch: fetchLogo },
    isOwnAddress: () => false,
    emitter,
    log,
  })
  await integrations.load()
  integrations.connect(connect)
  let running = true
  const stop = async () => {
    if (!running) return
    running = false
    await integrations.close()
    vault.close()
    await database.close()
  }
  onTestFinished(stop)
  return { integrations, workspaces, vault, pool, keepers, emitter, database, probed, invalidated, log, lines, stop }
}

export const passed: TestResult = {
  ok: true,
  suggested_transport: null,
  suggested_auth: null,
  message: 'Connected.',
  error: null,
  steps: [],
  tool_count: 0,
  tool_names: [],
  protocol_version: null,
  server_info: null,
  duration_ms: 1,
}

/** Input as a door would parse it. */
export function httpInput(fields: Record<string, unknown> = {}): NewMcpIntegration {
  const mcp = { transport: 'http', server_url: 'https://mcp.example.com/mcp' }
  return NewMcpIntegration.parse({ name: `i-${randomUUID().slice(0, 8)}`, mcp, ...fields })
}

export function stdioInput(fields: Record<string, unknown> = {}): NewMcpIntegration {
  return httpInput({ mcp: { transport: 'stdio', command: 'node', args: ['server.js'] }, ...fields })
}
