/** An MCP tool result; wrong arguments are told in it, since a model can mend those and not a protocol error. */
export interface ToolResult {
  content: { type: 'text'; text: string }[]
  isError?: true
}

export function success(value: object): ToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(value) }] }
}

export function failure(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true }
}
