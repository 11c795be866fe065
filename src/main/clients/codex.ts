import type { ClientFacts } from './client-facts.ts'
import { given, pathIn, type Place } from './place.ts'

/**
 * `config.toml` in `~/.codex`, which `CODEX_HOME` moves, with a table `[mcp_servers.<name>]` each. A bearer token stands in
 * a variable (`bearer_token_env_var`); in the file only `http_headers` may hold one, an inline `bearer_token` is refused.
 * https://developers.openai.com/codex/mcp
 */
export const codex: ClientFacts = {
  id: 'codex',
  name: 'Codex CLI',
  format: 'toml',
  serversKey: 'mcp_servers',
  configPath: (place) => pathIn(place, codexHome(place), 'config.toml'),
  traces: (place) => [codexHome(place)],
  gateway: { kind: 'http', fields: (url, Authorization) => ({ url, http_headers: { Authorization } }) },
  untypedUrl: 'http',
  placeholders: 'none',
}

function codexHome(place: Place): string {
  return given(place.env.CODEX_HOME) ?? pathIn(place, place.home, '.codex')
}
