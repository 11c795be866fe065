import type { AppError } from '../base/app-error.ts'
import type { CancelSignal } from '../base/cancellation.ts'
import type { Connection, McpSettings, RestSettings } from '../../shared/contract/integrations.ts'
import type { Offer } from './offer.ts'
import type { OwnTools } from './own-tools.ts'
import type { TokenSource } from './token-source.ts'
import type { ToolList } from './tool-list.ts'

/** Which half of the protocol a peer speaks: 2026-07-28 and later (stateless) or 2025-11-25 and earlier (`initialize`). */
export type Era = 'modern' | 'legacy'

/** Secrets of one integration in the places where they are used. Lives only as long as a connection is being made. */
export interface UpstreamSecrets {
  headers: Record<string, string>
  env: Record<string, string>
  /** Of auth type `oauth2`, over HTTP: what it gives is sent as `Authorization` in place of any in `headers`. */
  token?: TokenSource
}

/** The same of a REST API. */
export interface RestSecrets {
  headers: Record<string, string>
  query: Record<string, string>
  cookies: Record<string, string>
  /** PEM, of `rest.client_certificate`. */
  tlsKey?: string
  /** Of auth type `oauth2`: what it gives is sent as `Authorization` wherever the other credentials go. */
  token?: TokenSource
}

/** How a REST API is reached, and its tools. */
export type RestTarget = Omit<RestSettings, 'source'>

interface SpecFields {
  /** Of the integration; never reused. */
  id: string
  workspace: string
  slug: string
  /** What it offers, or offered last, so that agents see it before (and without) a connection. */
  lastKnown: Offer
  /** It rests so long, without a connection, unless `session` or `restart` asks for one sooner. Infinity: until then. */
  restMs?: number
}

/** All that is needed to reach one MCP server. */
export interface McpUpstreamSpec extends SpecFields {
  protocol: 'mcp'
  mcp: McpSettings
  /** Asked for each time a connection is made. Throws AppError `vault_locked` when the vault is not open. */
  secrets: () => UpstreamSecrets
}

/** All that is needed to reach one REST API. `lastKnown` is what its tools make, whether it can be reached or not. */
export interface RestUpstreamSpec extends SpecFields {
  protocol: 'rest'
  rest: RestTarget
  /** Tools in code beside those. */
  own?: OwnTools | undefined
  /** Asked for with each call; the same object while nothing has changed. Throws AppError `vault_locked` like those above. */
  secrets: () => RestSecrets
}

export type UpstreamSpec = McpUpstreamSpec | RestUpstreamSpec

/** The answer to one request: exactly one of result and error, as the upstream sent it. */
export interface UpstreamAnswer {
  kind: 'result' | 'error'
  /** The JSON text of the `result` or `error` member, byte for byte. */
  bytes: Buffer
  /** The same, parsed: to act on, not to send. */
  value: unknown
}

/** What a server said about a request that is still on its way. */
export interface UpstreamProgress {
  /** The `params` of `notifications/progress`, parsed: to act on, not to send. */
  value: Record<string, unknown>
  /** Their JSON text as the upstream sent it, with the connection's own `progressToken` in it. */
  bytes: Buffer
}

/** A request that a legacy server sends to its client: `sampling/createMessage`, `elicitation/create`, `roots/list` or one we do not know. */
export interface ServerRequest {
  method: string
  /** JSON text of `params` as the server wrote it; undefined: it has none. */
  params: Buffer | undefined
  /** The same, parsed: to act on, not to send. */
  value: Readonly<Record<string, unknown>>
  /** Aborted when the server cancels it, or when its connection or the call that it belongs to has ended. */
  signal: CancelSignal
  /** Tells the server how far the answer is: JSON text of the `params` of `notifications/progress`, with its own token. */
  progress?: (params: Buffer) => void
}

/** A notification of a server, other than progress. */
export interface ServerNotification {
  method: string
  /** JSON text of `params` as the server wrote it; undefined: it has none. */
  params: Buffer | undefined
  /** The same, parsed: to act on, not to send. */
  value: Readonly<Record<string, unknown>>
}

/** Who can be asked and told something by a server. Called synchronously. */
export interface ServerAudience {
  /** Resolves with what goes back to the server: exactly one of result and error. Must not reject. */
  ask(request: ServerRequest): Promise<UpstreamAnswer>
  /** Must not throw. */
  hear(notification: ServerNotification): void
}

/**
 * On whose behalf requests are made: one session of a legacy agent, or one call of a modern one. Two principals never
 * hear what belongs to the other. Compared by identity. Its own `ask` and `hear` are for what a server says outside of any
 * call on a connection that is this principal's alone.
 */
export interface Principal extends ServerAudience {
  /** Who may share a connection where an upstream keeps agents apart: a session's id, an agent's id and slot. */
  readonly connectionKey: string
  /** Of the agent, as its identity has it. Undefined: nobody in particular. */
  readonly agentId?: string | undefined
  /** JSON text of the client capabilities that the agent declared and the gateway relays. */
  readonly capabilities: Buffer
  /** JSON text of the agent's `clientInfo`. */
  readonly clientInfo: Buffer | undefined
}

/** The call that a request belongs to: hears of everything that the server says because of it, until the answer. */
export interface UpstreamCaller extends ServerAudience {
  readonly principal: Principal
}

export interface UpstreamRequest {
  method: string
  /** JSON text of `params`, ready for this upstream's era. */
  params: Buffer
  /** For `Mcp-Name` on a modern HTTP upstream: the own name of a tool or prompt, or the URI of a resource. */
  name?: string | undefined
  /** Undefined: nobody can be asked anything (the console, the gateway's own lists). */
  caller?: UpstreamCaller | undefined
  /** Aborting cancels the call upstream (`notifications/cancelled`, or the HTTP request is closed). */
  signal?: CancelSignal | undefined
  /**
   * Asks the server for progress, with a token of the connection in place of any in `params`, and hears of it until the
   * answer. Each one gives the call its full time again, up to `maxCallMs` in all. Called synchronously; must not throw.
   */
  onProgress?: ((progress: UpstreamProgress) => void) | undefined
}

/** An opened conversation with a server. */
export interface UpstreamSession {
  readonly era: Era
  /** The negotiated revision, for example `2025-11-25`. */
  readonly protocolVersion: string
  /** Rejects with AppError `upstream_timeout`, `upstream_unavailable`, `authorization_required` or `upstream_invalid`. */
  request(request: UpstreamRequest): Promise<UpstreamAnswer>
  /** Sends a notification of an agent; `params` is JSON text. Never rejects. */
  notify(method: string, params: Buffer | undefined): Promise<void>
}

/** Severity of a log message (RFC 5424), least severe first. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Which of a server's lists. */
export type ListKind = 'tools' | 'prompts' | 'resources' | 'templates'

export interface SessionOptions {
  signal?: CancelSignal | undefined
  /** Who needs it: where agents are kept apart it gets a connection of its own. Undefined: the shared one. */
  principal?: Principal | undefined
}

/** Gives back what was asked for; more than once does nothing. */
export type Release = () => void

/** Gives a subscription back. */
export type Subscribed = Release & {
  /** Resolves when the server has taken it, or is not connected: undefined. Otherwise with the reason why it tells nothing. */
  readonly active?: Promise<AppError | undefined>
}

/** One integration's connection: it keeps itself alive, and knows the tools even while it is down. */
export interface Upstream {
  readonly id: string
  readonly slug: string
  /** For the console; replaced as a whole at each change. */
  readonly connection: Connection
  readonly tools: ToolList
  /** Everything that it offers, as last known; replaced as a whole at each change. */
  readonly offer: Offer
  /** The open session; waits for a connection being made (at most the start timeout), else throws an AppError at once. */
  session(options?: SessionOptions): Promise<UpstreamSession>
  /**
   * Wants to hear of changes of one resource: subscribed once however many want it, again after each new connection, and
   * unsubscribed with the last release. Changes of parts of it (`a://b/c` of `a://b`) are told as well, and where a
   * connection was lost that it may have changed. Throws nothing: a server that can't is not asked.
   */
  subscribe(uri: string, changed: (notification: ServerNotification) => void, principal?: Principal): Subscribed
  /** Wants log messages from this level on. The server is told the most verbose of all wishes (`logging/setLevel`). */
  wantLogLevel(level: LogLevel, principal?: Principal): Release
  /** Lists again in the background where the server does not tell of changes by itself; does nothing within a short while. */
  freshen(kind: ListKind): void
  /** This principal will make no more requests: ends the connection that was its own. */
  release(principal: Principal): void
  /** Of a REST API: these are its tools from now on, and `offer` what they make. Calls that run go on. */
  retool?(rest: RestTarget, offer: Offer): void
  /** Connect again now, with a fresh back-off. */
  restart(): void
  close(): Promise<void>
}

/** Who hears of changes. Called synchronously; must not throw. */
export interface UpstreamListener {
  connectionChanged(upstream: Upstream): void
  /** One of the lists, the capabilities or the instructions differ from what was last known. */
  offerChanged(upstream: Upstream, kinds: readonly ListKind[]): void
  /**
   * A notification on the shared connection that belongs to no call and no list: a log message while nothing runs, or
   * one that is unknown. What might belong to one of several callers is not told to anybody.
   */
  said(upstream: Upstream, notification: ServerNotification): void
}
