import type { ClientFacts } from './client-facts.ts'
import { appDataFolder, pathIn } from './place.ts'

/**
 * `claude_desktop_config.json` in the application data of Claude (`~/Library/Application Support/Claude` on macOS,
 * `%APPDATA%\Claude` on Windows). Its servers are commands: those at a URL are added in the program, by account, and not
 * in this file. https://modelcontextprotocol.io/docs/develop/connect-local-servers
 */
export const claudeDesktop: ClientFacts = {
  id: 'claude-desktop',
  name: 'Claude Desktop',
  format: 'json',
  serversKey: 'mcpServers',
  configPath: (place) => pathIn(place, appDataFolder(place), 'Claude', 'claude_desktop_config.json'),
  traces: (place) => [
    pathIn(place, appDataFolder(place), 'Claude'),
    ...(place.platform === 'darwin' ? ['/Applications/Claude.app'] : []),
  ],
  gateway: { kind: 'bridge', fields: ({ command, args }) => ({ command, args }) },
  untypedUrl: 'http',
  placeholders: 'none',
}
