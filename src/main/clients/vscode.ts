import type { ClientFacts } from './client-facts.ts'
import { appDataFolder, pathIn } from './place.ts'

/**
 * `mcp.json` of the default profile, beside `settings.json`, with `servers` in it. `${input:id}` is asked of the person,
 * `${env:NAME}` comes from the environment. https://code.visualstudio.com/docs/copilot/reference/mcp-configuration and, for
 * the folder, https://code.visualstudio.com/docs/configure/settings#_settings-file-locations
 */
export const vscode: ClientFacts = {
  id: 'vscode',
  name: 'VS Code',
  format: 'json',
  serversKey: 'servers',
  configPath: (place) => pathIn(place, appDataFolder(place), 'Code', 'User', 'mcp.json'),
  traces: (place) => [pathIn(place, appDataFolder(place), 'Code')],
  gateway: { kind: 'http', fields: (url, Authorization) => ({ type: 'http', url, headers: { Authorization } }) },
  untypedUrl: 'http',
  placeholders: 'editor',
}
