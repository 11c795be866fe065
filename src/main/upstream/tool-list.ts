/** One tool as its server described it. */
export interface UpstreamTool {
  name: string
  /** JSON text of the definition, byte for byte: unknown fields survive. */
  text: string
  /** The same, parsed: to read, not to send. */
  definition: Record<string, unknown>
}

/** An ordered, immutable list of tools. */
export interface ToolList {
  readonly tools: readonly UpstreamTool[]
  /** Tools that were left out, a sentence each. */
  readonly warnings: readonly string[]
  /** JSON array text of all tools: what the store keeps. */
  readonly text: string
}
