/** The contract's message about an address, with an example of what this field takes: its own is one of an MCP server. */
export function withUrlExample(message: string, example: string): string {
  return message.startsWith('Enter a full URL') ? `Enter a full URL, for example ${example}.` : message
}
