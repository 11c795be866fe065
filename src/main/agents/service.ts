/**
 * Threat: another program on this machine calls the gateway, or the database file leaks. Each agent has a token of 256
 * random bits; only its SHA-256 is kept, so that neither the file nor this process's memory holds what opens the door.
 */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Agent, AgentWithToken } from '../../shared/contract/agents.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import type { AgentRecord, AgentsStore } from '../store/agents-store.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { AgentIdentity } from './agent-identity.ts'
import { hashToken, newAgentToken, sameHash } from './agent-token.ts'

type NewAgent = z.infer<typeof AgentWithToken>

/** The agent that `gatehouse serve` hands a token of. */
const DEFAULT_AGENT = 'default'
/** `last_seen_at` is shown to people: a write for each call would cost more than it tells. */
const LAST_SEEN_INTERVAL_MS = 30_000

/** Implemented by the gateway: what runs with a token that is gone ends at once. */
interface AgentSessionsEnder {
  endSessionsOf(agentId: string): void
}

interface AgentsServiceOptions {
  store: AgentsStore
  workspaces: WorkspacesService
  emitter: Emitter
  sessions: AgentSessionsEnder
  log: Logger
  now?: () => Date
}

/** The clients of the gateway and their tokens. All of them are held in memory: every call of every agent asks. */
export class AgentsService {
  readonly #options: AgentsServiceOptions
  readonly #byId = new Map<string, AgentRecord>()
  readonly #byHash = new Map<string, AgentRecord>()
  readonly #writes = new KeyedQueue()
  readonly #seen = new Set<string>()
  #flushTimer: NodeJS.Timeout | undefined

  constructor(options: AgentsServiceOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    for (const record of await this.#options.store.listAll()) this.#keep(record)
  }

  list(workspace: string): Agent[] {
    this.#options.workspaces.require(workspace)
    const records = [...this.#byId.values()].filter((record) => record.workspace === workspace)
    return records.map(toAgent).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async create(workspace: string, name: string): Promise<NewAgent> {
    this.#options.workspaces.require(workspace)
    return await this.#insert(workspace, name, newAgentToken())
  }

  async update(workspace: string, id: string, name: string): Promise<Agent> {
    return await this.#writes.run(id, async () => {
      const record = this.#require(workspace, id)
      await this.#options.store.rename(id, name)
      return this.#changed({ ...record, name })
    })
  }

  /** Its token stops working and its sessions end, both at once. */
  async remove(workspace: string, id: string): Promise<void> {
    await this.#writes.run(id, async () => {
      const record = this.#require(workspace, id)
      await this.#options.store.delete(id)
      this.#byId.delete(id)
      this.#byHash.delete(record.tokenSha256.toString('hex'))
      this.#seen.delete(id)
      this.#options.sessions.endSessionsOf(id)
      this.#options.emitter.emit(workspace, { type: 'agent_removed', id })
    })
  }

  /** A new token; the old one and the sessions made with it end at once. */
  async rotate(workspace: string, id: string): Promise<NewAgent> {
    return await this.#writes.run(id, () => this.#setToken(this.#require(workspace, id), newAgentToken()))
  }

  /** Makes sure that the agent `default` exists and gives it a new token, or the one that the environment fixes. */
  async mintDefault(workspace: string, token = newAgentToken()): Promise<string> {
    const known = this.list(workspace).find((agent) => agent.name === DEFAULT_AGENT)
    if (known === undefined) await this.#insert(workspace, DEFAULT_AGENT, token)
    else await this.#writes.run(known.id, () => this.#setToken(this.#require(workspace, known.id), token))
    return token
  }

  /** Whose token this is. Looked up by its hash, so that the time it takes says nothing about the tokens that exist. */
  authenticate(token: string): AgentIdentity | undefined {
    const hash = hashToken(token)
    const record = this.#byHash.get(hash.toString('hex'))
    if (record === undefined || !sameHash(record.tokenSha256, hash)) return undefined
    return { id: record.id, name: record.name, workspace: record.workspace, profile: null, discoveryMode: 'full' }
  }

  /** The agent has just called. Shown at once to who asks, stored and announced every 30 s. */
  touch(id: string): void {
    const record = this.#byId.get(id)
    if (record === undefined) return
    record.lastSeenAt = this.#now()
    this.#seen.add(id)
    this.#flushTimer ??= setTimeout(() => void this.#flush(), LAST_SEEN_INTERVAL_MS).unref()
  }

  async close(): Promise<void> {
    await this.#writes.idle()
    await this.#flush()
  }

  async #insert(workspace: string, name: string, token: string): Promise<NewAgent> {
    this.#options.log.redactor.register(token)
    const record = {
      id: randomUUID(),
      workspace,
      name,
      tokenSha256: hashToken(token),
      createdAt: this.#now(),
      lastSeenAt: null,
    }
    this.#refuseKnownToken(record)
    await this.#options.store.insert(record)
    return { ...this.#changed(record), token }
  }

  async #setToken(record: AgentRecord, token: string): Promise<NewAgent> {
    this.#options.log.redactor.register(token)
    const changed = { ...record, tokenSha256: hashToken(token) }
    this.#refuseKnownToken(changed)
    await this.#options.store.setToken(record.id, changed.tokenSha256)
    this.#byHash.delete(record.tokenSha256.toString('hex'))
    this.#options.sessions.endSessionsOf(record.id)
    return { ...this.#changed(changed), token }
  }

  /** Only a token fixed by the environment can be one that another agent has. */
  #refuseKnownToken(record: AgentRecord): void {
    const other = this.#byHash.get(record.tokenSha256.toString('hex'))
    if (other === undefined || other.id === record.id) return
    throw new AppError('invalid_input', { message: `The agent ${other.name} already has this token.` })
  }

  #require(workspace: string, id: string): AgentRecord {
    const record = this.#byId.get(id)
    if (record?.workspace === workspace) return record
    throw new AppError('not_found', { message: 'There is no such agent in this workspace.' })
  }

  #changed(record: AgentRecord): Agent {
    this.#keep(record)
    const agent = toAgent(record)
    this.#options.emitter.emit(record.workspace, { type: 'agent_changed', agent })
    return agent
  }

  #keep(record: AgentRecord): void {
    this.#byId.set(record.id, record)
    this.#byHash.set(record.tokenSha256.toString('hex'), record)
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    const seen = [...this.#seen].flatMap((id) => this.#byId.get(id) ?? [])
    this.#seen.clear()
    if (seen.length === 0) return
    try {
      await this.#options.store.setLastSeen(seen)
    } catch (error) {
      this.#options.log.warn({ error }, 'last seen times of agents could not be stored')
    }
    for (const { workspace, id } of seen) {
      const record = this.#byId.get(id)
      if (record !== undefined) this.#options.emitter.emit(workspace, { type: 'agent_changed', agent: toAgent(record) })
    }
  }

  #now(): string {
    return (this.#options.now?.() ?? new Date()).toISOString()
  }
}

function toAgent(record: AgentRecord): Agent {
  return { id: record.id, name: record.name, created_at: record.createdAt, last_seen_at: record.lastSeenAt }
}
