/** An agent's program and what to put where so that it reaches the gateway. */
export interface ClientSnippet {
  id: string
  label: string
  /** Where the text goes, in words for a person. */
  where: string
  text: string
}

/** How each known client is told about the gateway. Formats as the clients document them (checked November 2026). */
export function clientSnippets(mcpUrl: string, token: string): ClientSnippet[] {
  const authorization = `Bearer ${token}`
  return [
    {
      id: 'claude-code',
      label: 'Claude Code',
      where: 'Run this in a terminal. Add --scope user to have it in every project.',
      text: `claude mcp add --transport http gatehouse ${mcpUrl} --header "Authorization: ${authorization}"`,
    },
    {
      id: 'cursor',
      label: 'Cursor',
      where: 'Merge into ~/.cursor/mcp.json, or .cursor/mcp.json of a project.',
      text: json({ mcpServers: { gatehouse: { url: mcpUrl, headers: { Authorization: authorization } } } }),
    },
    {
      id: 'vscode',
      label: 'VS Code',
      where: 'Merge into mcp.json of your profile (MCP: Open User Configuration), or .vscode/mcp.json of a project.',
      text: json({ servers: { gatehouse: { type: 'http', url: mcpUrl, headers: { Authorization: authorization } } } }),
    },
    {
      id: 'codex',
      label: 'Codex',
      where: 'Add to ~/.codex/config.toml.',
      text: [
        '[mcp_servers.gatehouse]',
        `url = ${JSON.stringify(mcpUrl)}`,
        `http_headers = { "Authorization" = ${JSON.stringify(authorization)} }`,
      ].join('\n'),
    },
    {
      id: 'other',
      label: 'Other',
      where: 'Any MCP client that speaks Streamable HTTP needs the address and one header.',
      text: `URL: ${mcpUrl}\nAuthorization: ${authorization}`,
    },
  ]
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
