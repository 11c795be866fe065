import type { McpSettings } from '../../shared/contract/integrations.ts'
import type { ConnectionSettings, RestPlace, Target } from './credentials.ts'

/** Whether nothing changed that a connection is made of. The tools of a REST API are not a part of it. */
export function sameConnection(a: ConnectionSettings, b: ConnectionSettings): boolean {
  const parts = (settings: ConnectionSettings) => {
    const { authType, authHeaderPrefix, auth } = settings
    return JSON.stringify([placeOf(settings), authType, authHeaderPrefix, auth])
  }
  return parts(a) === parts(b)
}

/** Whether the same server answers, so that its last known tools still hold. Those of a REST API are the admin's, wherever it is. */
export function sameServer(a: Target, b: Target): boolean {
  if (a.protocol === 'rest' || b.protocol === 'rest') return a.protocol === b.protocol
  return sameMcpServer(a.mcp, b.mcp)
}

/**
 * Whether secrets that were given for `stored` may go to `draft`: the same origin, or the same command. Nothing may be on
 * the way to a REST API that was not when they were given, and no further origin gets them.
 */
export function sameTarget(stored: Target, draft: Target): boolean {
  if (stored.protocol === 'rest' || draft.protocol === 'rest') {
    return stored.protocol === 'rest' && draft.protocol === 'rest' && sameRestTarget(stored.rest, draft.rest)
  }
  const [a, b] = [stored.mcp, draft.mcp]
  if (a.transport !== 'stdio' && b.transport !== 'stdio') return originOf(a.server_url) === originOf(b.server_url)
  return a.transport === 'stdio' && b.transport === 'stdio' && a.command === b.command
}

/** The server's, or the API's base. Undefined: it is a command. */
export function urlOf(target: Target): string | undefined {
  if (target.protocol === 'rest') return target.rest.base_url
  return target.mcp.transport === 'stdio' ? undefined : target.mcp.server_url
}

function sameMcpServer(a: McpSettings, b: McpSettings): boolean {
  if (a.transport !== 'stdio' && b.transport !== 'stdio') return a.server_url === b.server_url
  if (a.transport !== 'stdio' || b.transport !== 'stdio') return false
  return JSON.stringify([a.command, a.args]) === JSON.stringify([b.command, b.args])
}

function sameRestTarget(stored: RestPlace, draft: RestPlace): boolean {
  const known = new Set([stored.base_url, ...stored.credential_origins].map(originOf))
  return (
    originOf(stored.base_url) === originOf(draft.base_url) &&
    draft.credential_origins.every((url) => known.has(originOf(url))) &&
    (draft.proxy_url === undefined || draft.proxy_url === stored.proxy_url)
  )
}

/** A system integration may have no address of its own. */
function originOf(url: string): string {
  return url === '' ? '' : new URL(url).origin
}

function placeOf(target: Target): object {
  if (target.protocol === 'mcp') return target.mcp
  // A record has its tools beside the rest.
  const { tools: _tools, source: _source, ...place } = target.rest as RestPlace & { tools?: unknown; source?: unknown }
  return place
}
