import type { ClientFacts } from './client-facts.ts'
import { given, pathIn, type Place } from './place.ts'

/**
 * `mcpServers` at the top of `~/.claude.json` are those of the user scope, for all projects; `CLAUDE_CONFIG_DIR` moves the
 * file. A server at a URL says its `type`. Values may hold `${VAR}` and `${VAR:-default}`.
 * https://code.claude.com/docs/en/mcp, https://code.claude.com/docs/en/settings
 */
export const claudeCode: ClientFacts = {
  id: 'claude-code',
  name: 'Claude Code',
  format: 'json',
  serversKey: 'mcpServers',
  configPath: (place) => pathIn(place, given(place.env.CLAUDE_CONFIG_DIR) ?? place.home, '.claude.json'),
  traces: (place) => [
    dataFolder(place),
    pathIn(place, given(place.env.CLAUDE_CONFIG_DIR) ?? place.home, '.claude.json'),
  ],
  gateway: { kind: 'http', fields: (url, Authorization) => ({ type: 'http', url, headers: { Authorization } }) },
  untypedUrl: 'http',
  placeholders: 'default',
}

function dataFolder(place: Place): string {
  return given(place.env.CLAUDE_CONFIG_DIR) ?? pathIn(place, place.home, '.claude')
}
