/** Tools that are code of Gatehouse, beside the requests that a REST integration's mappings describe. */
export interface OwnTools {
  /** JSON of each as in `tools/list` (MCP 2025-11-25, Tool). Names are unique, also among the mappings. */
  readonly definitions: readonly OwnToolDefinition[]
  /** Resolves with what the tool says, its own failures included. Rejects with AppError where the service could not be reached. */
  call(name: string, args: Record<string, unknown>, signal: AbortSignal): Promise<OwnToolResult>
}

export interface OwnToolDefinition {
  name: string
  title: string
  description: string
  inputSchema: Record<string, unknown>
  outputSchema?: Record<string, unknown>
  annotations: { readOnlyHint?: boolean; destructiveHint?: boolean; idempotentHint?: boolean; openWorldHint?: boolean }
}

/** `structured` is what `outputSchema` describes; the text of it is added for agents that read text only. */
export type OwnToolResult = { structured: Record<string, unknown> } | { text: string; isError?: boolean }
