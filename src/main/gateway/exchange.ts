import type { IncomingHttpHeaders } from 'node:http'
import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import type { AnswerBytes } from './answer.ts'

/** What the door hands over once it has checked host, origin, token and limits. */
export interface AgentRequest {
  agent: AgentIdentity
  /** The integration of `/mcp/<slug>`; undefined on `/mcp`. */
  slug: string | undefined
  /** Asked for in the address; undefined: as the agent's setting says. */
  mode?: DiscoveryMode | undefined
  method: 'POST' | 'GET' | 'DELETE'
  headers: IncomingHttpHeaders
  /** Empty unless it is a POST. */
  body: Buffer
}

/** The way back to the agent. Exactly one of `json`, `empty` and `stream` is called. */
export interface Reply {
  json(status: number, body: AnswerBytes, headers?: Record<string, string>): void
  empty(status: number, headers?: Record<string, string>): void
  stream(headers?: Record<string, string>): EventConnection
  /** The agent has closed the connection. */
  readonly isGone: boolean
  /** Called once when the agent closes the connection before its answer is complete. */
  onGone(listener: () => void): void
}

/** An open answer of server-sent events. Writing to one that has ended does nothing. */
export interface EventStream {
  /** One message, in pieces. */
  send(...message: readonly Buffer[]): void
  /** A comment line: keeps proxies and idle timeouts from closing a quiet stream. */
  keepAlive(): void
  end(): void
  /** The agent has not read what was sent. What can wait or be left out should be. */
  readonly isBehind: boolean
  /** It has caught up. */
  onDrain(listener: () => void): void
  onClose(listener: () => void): void
}

/** One HTTP answer of this kind, whose events can have ids: with one, an agent that lost it can ask for what came after. */
export interface EventConnection extends EventStream {
  /** One message, in pieces, with an event id. */
  sendAs(id: string, message: readonly Buffer[]): void
  /** An event without a message: gives the agent an id before there is anything to say, and when to come back. */
  prime(id: string, retryMs: number): void
}

/** A header that may stand only once; Node joins or drops repeated ones, so it is a string where it is there at all. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}
