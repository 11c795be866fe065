import type { AgentIdentity } from '../agents/agent-identity.ts'
import { EventMemory } from './event-log.ts'
import { Session, type OpenedSession } from './legacy-session.ts'
import type { GatewayLimits } from './limits.ts'
import { Owned } from './owned.ts'

interface SessionsOptions {
  limits: Pick<GatewayLimits, 'sessionsPerAgent' | 'sessionIdleMs' | 'agentAnswerMs' | 'coalesceMs'>
  /** A monotonic clock in milliseconds: a jump of the wall clock must not end sessions. */
  now: () => number
}

/**
 * Legacy sessions. An id is 128 random bits and only good together with the token and the endpoint that made it: for
 * anyone else it does not exist, so a stolen id is worth nothing.
 */
export class Sessions {
  readonly #options: SessionsOptions
  /** What servers know by an id, and which session it belongs to. */
  readonly owned = new Owned()
  readonly #memory = new EventMemory()
  readonly #byAgent = new Map<string, Map<string, Session>>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  create(opened: OpenedSession): Session {
    const { limits, now } = this.#options
    const sessions = this.#of(opened.agent.id)
    if (sessions.size >= limits.sessionsPerAgent) this.#endQuietest(sessions)
    const { agentAnswerMs: answerMs, coalesceMs } = limits
    const session = new Session(opened, { memory: this.#memory, owned: this.owned, answerMs, coalesceMs, now })
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
    session.end()
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
