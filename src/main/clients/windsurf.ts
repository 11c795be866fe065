import type { ClientFacts } from './client-facts.ts'
import { pathIn } from './place.ts'

/**
 * `~/.codeium/windsurf/mcp_config.json`; a server at a URL has it in `serverUrl`. Values may hold `${env:NAME}` and
 * `${file:/path}`. https://docs.windsurf.com/windsurf/cascade/mcp
 */
export const windsurf: ClientFacts = {
  id: 'windsurf',
  name: 'Windsurf',
  format: 'json',
  serversKey: 'mcpServers',
  configPath: (place) => pathIn(place, place.home, '.codeium', 'windsurf', 'mcp_config.json'),
  traces: (place) => [pathIn(place, place.home, '.codeium', 'windsurf'), pathIn(place, place.home, '.windsurf')],
  gateway: { kind: 'http', fields: (serverUrl, Authorization) => ({ serverUrl, headers: { Authorization } }) },
  untypedUrl: 'http',
  placeholders: 'editor',
}
