/** Names and numbers of the Model Context Protocol that the gateway acts on. */

/** Stateless revisions, newest first. */
export const MODERN_VERSIONS: readonly string[] = ['2026-07-28']
/** Revisions that open with `initialize`, newest first. */
export const LEGACY_VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26']
export const NEWEST_LEGACY_VERSION = '2025-11-25'
/** The only revision of streamable HTTP with JSON-RPC batches, and the one meant when the version header is missing. */
export const BATCH_VERSION = '2025-03-26'
/** The first revision of which a stream begins with an event that has an id and no message. */
export const PRIMED_VERSION = '2025-11-25'

/** The capability of tasks from 2026-07-28 on; up to 2025-11-25 they are others, under `tasks`. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks'

/** Reserved keys of `params._meta` and `result._meta`. */
export const META = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  progressToken: 'progressToken',
} as const

export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedVersion: -32022,
  /** Up to 2025-11-25; since then it is `invalidParams`. */
  resourceNotFound: -32002,
  /** Of 2025-11-25 alone. */
  urlElicitationRequired: -32042,
  /** Not of JSON-RPC or MCP: what the language server protocol uses. The agent that cancelled ignores it. */
  requestCancelled: -32800,
} as const
