import { randomBytes } from 'node:crypto'
import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import type { GatewayLimits } from './limits.ts'
import type { KnownLists } from './known-lists.ts'
import type { Subscription } from './subscriptions.ts'

/** One `initialize` of a legacy agent: what later requests need of it, and nothing more (it must stay below 1 KiB). */
export interface Session {
  readonly id: string
  /** Whose token made it. What this agent may see is asked for at each request, since it changes. */
  readonly agentId: string
  readonly workspace: string
  readonly slug: string | undefined
  /** Asked for in the address that opened it. */
  readonly mode: DiscoveryMode | undefined
  readonly protocolVersion: string
  /** JSON text, to be shown to a modern upstream. */
  readonly clientInfo: Buffer | undefined
  /** The GET stream, while it is open. */
  stream: Subscription | undefined
  readonly known: KnownLists
  /** Calls in flight by the JSON text of their id, for `notifications/cancelled`. */
  readonly calls: Map<string, AbortController>
  lastSeen: number
}

interface OpenedSession extends Pick<Session, 'slug' | 'mode' | 'protocolVersion' | 'clientInfo' | 'known'> {
  agent: AgentIdentity
}

interface SessionsOptions {
  limits: Pick<GatewayLimits, 'sessionsPerAgent' | 'sessionIdleMs'>
  /** A monotonic clock in milliseconds: a jump of the wall clock must not end sessions. */
  now: () => number
}

/**
 * Legacy sessions. An id is 128 random bits and only good together with the token and the endpoint that made it: for
 * anyone else it does not exist, so a stolen id is worth nothing.
 */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #byAgent = new Map<string, Map<string, Session>>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  create({ agent, ...opened }: OpenedSession): Session {
    const sessions = this.#of(agent.id)
    if (sessions.size >= this.#options.limits.sessionsPerAgent) this.#endQuietest(sessions)
    const session: Session = {
      id: randomBytes(16).toString('hex'),
      agentId: agent.id,
      workspace: agent.workspace,
      slug: opened.slug,
      mode: opened.mode,
      protocolVersion: opened.protocolVersion,
      clientInfo: opened.clientInfo,
      known: opened.known,
      stream: undefined,
      calls: new Map(),
      lastSeen: this.#options.now(),
    }
    sessions.set(session.id, session)
    return session
  }

  /** The session, and its idle time starts anew; undefined when it is unknown, expired or someone else's. */
  find(id: string, agent: AgentIdentity, slug: string | undefined): Session | undefined {
    const session = this.#byAgent.get(agent.id)?.get(id)
    if (session === undefined || session.slug !== slug) return undefined
    if (this.#isExpired(session)) {
      this.end(session)
      return undefined
    }
    session.lastSeen = this.#options.now()
    return session
  }

  /** Its calls are cancelled and its stream ends; the id is unknown from now on. */
  end(session: Session): void {
    const sessions = this.#byAgent.get(session.agentId)
    sessions?.delete(session.id)
    if (sessions?.size === 0) this.#byAgent.delete(session.agentId)
    for (const call of session.calls.values()) call.abort()
    session.stream?.end()
  }

  endOf(agentId: string): void {
    for (const session of [...(this.#byAgent.get(agentId)?.values() ?? [])]) this.end(session)
  }

  endExpired(): void {
    for (const session of this.all()) if (this.#isExpired(session)) this.end(session)
  }

  *all(): Generator<Session> {
    for (const sessions of [...this.#byAgent.values()]) yield* [...sessions.values()]
  }

  close(): void {
    for (const session of this.all()) this.end(session)
  }

  #of(agentId: string): Map<string, Session> {
    let sessions = this.#byAgent.get(agentId)
    if (sessions === undefined) this.#byAgent.set(agentId, (sessions = new Map<string, Session>()))
    return sessions
  }

  /** An open stream or a running call is a sign of life. */
  #isExpired(session: Session): boolean {
    if (session.stream !== undefined || session.calls.size > 0) return false
    return this.#options.now() - session.lastSeen >= this.#options.limits.sessionIdleMs
  }

  #endQuietest(sessions: Map<string, Session>): void {
    let quietest: Session | undefined
    for (const session of sessions.values()) {
      if (quietest === undefined || session.lastSeen < quietest.lastSeen) quietest = session
    }
    if (quietest !== undefined) this.end(quietest)
  }
}
