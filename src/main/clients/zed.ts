import type { ClientFacts } from './client-facts.ts'
import { appDataFolder, pathIn, xdgConfigFolder, type Place } from './place.ts'

/**
 * `context_servers` in `settings.json`, which is JSON with comments: `~/.config/zed` on macOS, `$XDG_CONFIG_HOME/zed` on
 * Linux where that is set, `%APPDATA%\Zed` on Windows. Servers of extensions have `settings` and no command.
 * https://zed.dev/docs/ai/mcp, https://zed.dev/docs/configuring-zed
 */
export const zed: ClientFacts = {
  id: 'zed',
  name: 'Zed',
  format: 'json',
  serversKey: 'context_servers',
  configPath: (place) => pathIn(place, configFolder(place), 'settings.json'),
  traces: (place) => [
    configFolder(place),
    ...(place.platform === 'linux' ? [pathIn(place, place.home, '.local', 'share', 'zed')] : []),
    ...(place.platform === 'darwin' ? ['/Applications/Zed.app'] : []),
  ],
  gateway: { kind: 'http', fields: (url, Authorization) => ({ url, headers: { Authorization } }) },
  untypedUrl: 'http',
  placeholders: 'none',
}

function configFolder(place: Place): string {
  if (place.platform === 'win32') return pathIn(place, appDataFolder(place), 'Zed')
  // Only on Linux does Zed ask XDG_CONFIG_HOME.
  return place.platform === 'darwin'
    ? pathIn(place, place.home, '.config', 'zed')
    : pathIn(place, xdgConfigFolder(place), 'zed')
}
