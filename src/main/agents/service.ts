/**
 * Threat: another program on this machine calls the gateway, or the database file leaks. Each agent has a token of 256
 * random bits; only its SHA-256 is kept, so that neither the file nor this process's memory holds what opens the door.
 */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Agent, AgentChanges, AgentWithToken, DiscoveryMode, NewAgent } from '../../shared/contract/agents.ts'
import type { Profile } from '../../shared/contract/profiles.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import { hashToken, tokenKey } from '../base/token.ts'
import type { CatalogInvalidator } from '../integrations/served-integration.ts'
import { unknownProfile, type AgentRecord, type AgentsStore } from '../store/agents-store.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { AgentIdentity } from './agent-identity.ts'
import { newAgentToken } from './agent-token.ts'
import { LastSeen } from './last-seen.ts'
import { Leases } from './leases.ts'

type MintedAgent = z.infer<typeof AgentWithToken>

/** The agent that `gatehouse serve` hands a token of. */
const DEFAULT_AGENT = 'default'

/** Implemented by the gateway. */
interface AgentsGateway extends CatalogInvalidator {
  /** What runs with a token that is gone ends at once. `id`: of an identity. */
  endSessionsOf(id: string): void
}

interface AgentsServiceOptions {
  store: AgentsStore
  workspaces: Pick<WorkspacesService, 'require'>
  profiles: { find(workspace: string, id: string): Profile | undefined }
  gateway: AgentsGateway
  /** For agents that do not say otherwise: asked at each call. */
  defaultDiscoveryMode: () => DiscoveryMode
  emitter: Emitter
  log: Logger
  now?: () => Date
}

/** The clients of the gateway and their tokens. All of them are held in memory: every call of every agent asks. */
export class AgentsService {
  readonly #options: AgentsServiceOptions
  readonly #byId = new Map<string, AgentRecord>()
  readonly #byHash = new Map<string, AgentRecord>()
  readonly #leases: Leases
  readonly #writes = new KeyedQueue()
  readonly #lastSeen: LastSeen

  constructor(options: AgentsServiceOptions) {
    this.#options = options
    const { log, gateway, store } = options
    this.#leases = new Leases({ redactor: log.redactor, ended: (lease) => gateway.endSessionsOf(lease) })
    const announce = (record: AgentRecord) => void this.#announce(record)
    this.#lastSeen = new LastSeen({ store, find: (id) => this.#byId.get(id), announce, log })
  }

  async start(): Promise<void> {
    for (const record of await this.#options.store.listAll()) this.#keep(record)
  }

  list(workspace: string): Agent[] {
    this.#options.workspaces.require(workspace)
    return this.#of(workspace)
      .map(toAgent)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** How many a workspace has. */
  count(workspace: string): number {
    return this.#of(workspace).length
  }

  /** Names of the agents that have this profile. */
  namesWith(profileId: string): string[] {
    const records = [...this.#byId.values()].filter((record) => record.profileId === profileId)
    return records.map(({ name }) => name).sort()
  }

  /** `token`: one that stands somewhere already, and is good from now on. */
  async create(workspace: string, input: NewAgent, token = newAgentToken()): Promise<MintedAgent> {
    this.#options.workspaces.require(workspace)
    return await this.#insert(workspace, input, token)
  }

  /** What it sees changes at once, in the sessions that it has. */
  async update(workspace: string, id: string, changes: AgentChanges): Promise<Agent> {
    return await this.#writes.run(id, async () => {
      const record = this.#require(workspace, id)
      const { name = record.name, profile_id: profileId = record.profileId } = changes
      const { discovery_mode: discoveryMode = record.discoveryMode } = changes
      this.#refuseProfile(workspace, profileId)
      await this.#options.store.update({ id, name, profileId, discoveryMode })
      const seesOther = profileId !== record.profileId || discoveryMode !== record.discoveryMode
      const agent = this.#changed({ ...record, name, profileId, discoveryMode })
      if (seesOther) this.#options.gateway.invalidate(workspace)
      return agent
    })
  }

  /** Its tokens stop working and its sessions end, all at once. */
  async remove(workspace: string, id: string): Promise<void> {
    await this.#writes.run(id, async () => {
      const record = this.#require(workspace, id)
      await this.#options.store.delete(id)
      this.#byId.delete(id)
      this.#byHash.delete(record.tokenSha256.toString('hex'))
      this.#leases.endOf(id)
      this.#options.gateway.endSessionsOf(id)
      this.#options.emitter.emit(workspace, { type: 'agent_removed', id })
    })
  }

  /** A new token; the old one and the sessions made with it end at once. Leases have tokens of their own. */
  async rotate(workspace: string, id: string, token = newAgentToken()): Promise<MintedAgent> {
    return await this.#writes.run(id, () => this.#setToken(this.#require(workspace, id), token))
  }

  /**
   * A second token of the agent with this name, which is made where it is missing: good until `signal` aborts or the
   * iterator is left.
   */
  async lease(
    workspace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<AsyncIterableIterator<{ token: string }, undefined>> {
    this.#options.workspaces.require(workspace)
    const { id } = await this.#writes.run(`${workspace}/${name}`, async () => {
      const known = this.#of(workspace).find((record) => record.name === name)
      return known ?? (await this.#insert(workspace, { name }, newAgentToken()))
    })
    this.#require(workspace, id)
    return this.#leases.open(id, name, signal)
  }

  /** Makes sure that the agent `default` exists and gives it a new token, or the one that the environment fixes. */
  async mintDefault(workspace: string, token = newAgentToken()): Promise<string> {
    const known = this.list(workspace).find((agent) => agent.name === DEFAULT_AGENT)
    if (known === undefined) await this.#insert(workspace, { name: DEFAULT_AGENT }, token)
    else await this.#writes.run(known.id, () => this.#setToken(this.#require(workspace, known.id), token))
    return token
  }

  /** Whose token this is. Looked up by its hash, so that the time it takes says nothing about the tokens that exist. */
  authenticate(token: string): AgentIdentity | undefined {
    const key = tokenKey(token)
    const record = this.#byHash.get(key)
    if (record !== undefined) return this.#identity(record.id, record)
    const lease = this.#leases.withKey(key)
    const leased = lease && this.#byId.get(lease.agentId)
    return lease && leased && this.#identity(lease.id, leased)
  }

  /** The agent with this id, or with the lease of it, as it is now. Undefined: there is no such agent. */
  identityOf(id: string): AgentIdentity | undefined {
    const record = this.#byId.get(this.#leases.agentOf(id) ?? id)
    return record && this.#identity(id, record)
  }

  /** The agent with this id, or with the lease of it, has just called. Shown at once, stored and announced every 30 s. */
  touch(id: string): void {
    const record = this.#byId.get(this.#leases.agentOf(id) ?? id)
    if (record !== undefined) this.#lastSeen.mark(record, this.#options.now?.().getTime() ?? Date.now())
  }

  async close(): Promise<void> {
    this.#leases.close()
    await this.#writes.idle()
    await this.#lastSeen.flush()
  }

  async #insert(workspace: string, input: NewAgent, token: string): Promise<MintedAgent> {
    const { name, profile_id: profileId = null, discovery_mode: discoveryMode = null } = input
    this.#refuseProfile(workspace, profileId)
    this.#options.log.redactor.register(token)
    const record = {
      id: randomUUID(),
      workspace,
      name,
      tokenSha256: hashToken(token),
      profileId,
      discoveryMode,
      createdAt: this.#now(),
      lastSeenAt: null,
    }
    this.#refuseKnownToken(record)
    await this.#options.store.insert(record)
    return { ...this.#changed(record), token }
  }

  async #setToken(record: AgentRecord, token: string): Promise<MintedAgent> {
    this.#options.log.redactor.register(token)
    const changed = { ...record, tokenSha256: hashToken(token) }
    this.#refuseKnownToken(changed)
    await this.#options.store.setToken(record.id, changed.tokenSha256)
    this.#byHash.delete(record.tokenSha256.toString('hex'))
    this.#options.gateway.endSessionsOf(record.id)
    return { ...this.#changed(changed), token }
  }

  /** Only a token fixed by the environment can be one that another agent has. */
  #refuseKnownToken(record: AgentRecord): void {
    const other = this.#byHash.get(record.tokenSha256.toString('hex'))
    if (other === undefined || other.id === record.id) return
    throw new AppError('invalid_input', { message: `The agent ${other.name} already has this token.` })
  }

  #refuseProfile(workspace: string, profileId: string | null): void {
    if (profileId !== null && this.#options.profiles.find(workspace, profileId) === undefined) throw unknownProfile()
  }

  #identity(id: string, record: AgentRecord): AgentIdentity {
    const { name, workspace } = record
    const discoveryMode = record.discoveryMode ?? this.#options.defaultDiscoveryMode()
    return { id, name, workspace, profile: this.#profile(record), discoveryMode }
  }

  #profile({ workspace, profileId }: AgentRecord): Profile | null {
    if (profileId === null) return null
    const profile = this.#options.profiles.find(workspace, profileId)
    // The database does not let this happen. To go on without it would show the agent everything.
    if (profile === undefined) throw new Error('An agent has a profile that is not there.')
    return profile
  }

  #of(workspace: string): AgentRecord[] {
    return [...this.#byId.values()].filter((record) => record.workspace === workspace)
  }

  #require(workspace: string, id: string): AgentRecord {
    const record = this.#byId.get(id)
    if (record?.workspace === workspace) return record
    throw new AppError('not_found', { message: 'There is no such agent in this workspace.' })
  }

  #changed(record: AgentRecord): Agent {
    this.#keep(record)
    return this.#announce(record)
  }

  #announce(record: AgentRecord): Agent {
    const agent = toAgent(record)
    this.#options.emitter.emit(record.workspace, { type: 'agent_changed', agent })
    return agent
  }

  #keep(record: AgentRecord): void {
    this.#byId.set(record.id, record)
    this.#byHash.set(record.tokenSha256.toString('hex'), record)
  }

  #now(): string {
    return (this.#options.now?.() ?? new Date()).toISOString()
  }
}

function toAgent(record: AgentRecord): Agent {
  return {
    id: record.id,
    name: record.name,
    profile_id: record.profileId,
    discovery_mode: record.discoveryMode,
    created_at: record.createdAt,
    last_seen_at: record.lastSeenAt,
  }
}
