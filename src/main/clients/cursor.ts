import type { ClientFacts } from './client-facts.ts'
import { pathIn } from './place.ts'

/**
 * `~/.cursor/mcp.json` holds the servers for all projects. Values may hold `${env:NAME}`, `${userHome}` and
 * `${workspaceFolder}`. https://cursor.com/docs/mcp
 */
export const cursor: ClientFacts = {
  id: 'cursor',
  name: 'Cursor',
  format: 'json',
  serversKey: 'mcpServers',
  configPath: (place) => pathIn(place, place.home, '.cursor', 'mcp.json'),
  traces: (place) => [pathIn(place, place.home, '.cursor')],
  gateway: { kind: 'http', fields: (url, Authorization) => ({ url, headers: { Authorization } }) },
  untypedUrl: 'http',
  placeholders: 'editor',
}
