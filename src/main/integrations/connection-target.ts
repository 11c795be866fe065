import type { McpSettings } from '../../shared/contract/integrations.ts'
import type { ConnectionSettings } from './credentials.ts'

/** Whether nothing changed that a connection is made of. */
export function sameConnection(a: ConnectionSettings, b: ConnectionSettings): boolean {
  const parts = ({ mcp, authType, authHeaderPrefix, auth }: ConnectionSettings) =>
    JSON.stringify([mcp, authType, authHeaderPrefix, auth])
  return parts(a) === parts(b)
}

/** Whether the same server answers, so that its last known tools still hold. */
export function sameServer(a: McpSettings, b: McpSettings): boolean {
  if (a.transport !== 'stdio' && b.transport !== 'stdio') return a.server_url === b.server_url
  if (a.transport !== 'stdio' || b.transport !== 'stdio') return false
  return JSON.stringify([a.command, a.args]) === JSON.stringify([b.command, b.args])
}

/** Whether secrets that were given for `stored` may go to `draft`: the same origin, or the same command. */
export function sameTarget(stored: McpSettings, draft: McpSettings): boolean {
  if (stored.transport !== 'stdio' && draft.transport !== 'stdio') {
    return new URL(stored.server_url).origin === new URL(draft.server_url).origin
  }
  return stored.transport === 'stdio' && draft.transport === 'stdio' && stored.command === draft.command
}
