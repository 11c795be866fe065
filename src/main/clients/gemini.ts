import type { ClientFacts } from './client-facts.ts'
import { given, pathIn, type Place } from './place.ts'

/**
 * `mcpServers` in `~/.gemini/settings.json`; `GEMINI_CLI_HOME` stands for the home folder. `httpUrl` is streamable HTTP,
 * `url` the transport before it. All text may hold `$VAR` and `${VAR}`.
 * https://geminicli.com/docs/tools/mcp-server, https://geminicli.com/docs/reference/configuration
 */
export const gemini: ClientFacts = {
  id: 'gemini',
  name: 'Gemini CLI',
  format: 'json',
  serversKey: 'mcpServers',
  configPath: (place) => pathIn(place, geminiFolder(place), 'settings.json'),
  traces: (place) => [geminiFolder(place)],
  gateway: { kind: 'http', fields: (httpUrl, Authorization) => ({ httpUrl, headers: { Authorization } }) },
  untypedUrl: 'sse',
  placeholders: 'shell',
}

function geminiFolder(place: Place): string {
  return pathIn(place, given(place.env.GEMINI_CLI_HOME) ?? place.home, '.gemini')
}
