import type { ConnectionState, Integration } from '../../shared/contract/integrations.ts'
import type { Core } from './with-client.ts'

/** The same words as in the console. */
const words: Record<ConnectionState, string> = {
  connecting: 'Connecting',
  connected: 'Connected',
  needs_setup: 'Needs setup',
  needs_auth: 'Needs sign-in',
  error: 'Error',
  quarantined: 'Stopped after repeated crashes',
  locked: 'Locked',
  disabled: 'Disabled',
}

const colours: Record<ConnectionState, 'green' | 'yellow' | 'red' | 'gray'> = {
  connecting: 'yellow',
  connected: 'green',
  needs_setup: 'gray',
  needs_auth: 'yellow',
  error: 'red',
  quarantined: 'red',
  locked: 'yellow',
  disabled: 'gray',
}

export function statusWord(integration: Integration, core: Core): string {
  return rests(integration, core) ? 'Not running' : words[integration.connection.state]
}

export function statusColour(integration: Integration, core: Core): 'green' | 'yellow' | 'red' | 'gray' {
  return rests(integration, core) ? 'gray' : colours[integration.connection.state]
}

/** A temporary core would connect only for a call: what it has not connected, nobody is connecting. */
function rests({ connection }: Integration, core: Core): boolean {
  return core.temporary && connection.state === 'connecting'
}

/** What an integration connects to, in a line. */
export function targetOf({ mcp, rest }: Integration): string {
  if (rest) return rest.base_url
  if (!mcp) return ''
  return mcp.transport === 'stdio' ? [mcp.command, ...mcp.args].map(quoted).join(' ') : mcp.server_url
}

/** Readable, and unambiguous where an argument has spaces. Not meant for a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument)
}
