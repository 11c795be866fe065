import type { Connection, McpSettings } from '../../shared/contract/integrations.ts'
import type { ToolList } from './tool-list.ts'

/** Which half of the protocol a peer speaks: 2026-07-28 and later (stateless) or 2025-11-25 and earlier (`initialize`). */
export type Era = 'modern' | 'legacy'

/** Secrets of one integration in the places where they are used. Lives only as long as a connection is being made. */
export interface UpstreamSecrets {
  headers: Record<string, string>
  env: Record<string, string>
}

/** All that is needed to reach one MCP server. */
export interface UpstreamSpec {
  /** Of the integration; never reused. */
  id: string
  workspace: string
  slug: string
  mcp: McpSettings
  /** Asked for each time a connection is made. Throws AppError `vault_locked` when the vault is not open. */
  secrets: () => UpstreamSecrets
  /** The last known list, so that agents see the tools before (and without) a connection. */
  lastKnownTools: ToolList
  /** It rests, without a connection, until `session` or `restart` asks for one. */
  onDemand?: boolean
}

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

export interface UpstreamRequest {
  method: string
  /** JSON text of `params`, ready for this upstream's era. */
  params: Buffer
  /** For `Mcp-Name` on a modern HTTP upstream: the tool's own name. */
  name?: string
  /** Aborting cancels the call upstream (`notifications/cancelled`, or the HTTP request is closed). */
  signal?: AbortSignal
  /**
   * Asks the server for progress, with a token of the connection in place of any in `params`, and hears of it until the
   * answer. Each one gives the call its full time again, up to `maxCallMs` in all. Called synchronously; must not throw.
   */
  onProgress?: (progress: UpstreamProgress) => void
}

/** An opened conversation with a server. */
export interface UpstreamSession {
  readonly era: Era
  /** The negotiated revision, for example `2025-11-25`. */
  readonly protocolVersion: string
  /** Rejects with AppError `upstream_timeout`, `upstream_unavailable`, `authorization_required` or `upstream_invalid`. */
  request(request: UpstreamRequest): Promise<UpstreamAnswer>
}

/** One integration's connection: it keeps itself alive, and knows the tools even while it is down. */
export interface Upstream {
  readonly id: string
  readonly slug: string
  /** For the console; replaced as a whole at each change. */
  readonly connection: Connection
  readonly tools: ToolList
  /** The open session; waits for a connection being made (at most the start timeout), else throws an AppError at once. */
  session(signal?: AbortSignal): Promise<UpstreamSession>
  /** Connect again now, with a fresh back-off. */
  restart(): void
  close(): Promise<void>
}

/** Who hears of changes. Called synchronously; must not throw. */
export interface UpstreamListener {
  connectionChanged(upstream: Upstream): void
  /** A list came that differs from the last known one. */
  toolsChanged(upstream: Upstream): void
}
