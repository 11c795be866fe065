import type { Integration } from '../../shared/contract/integrations.ts'

/** A sentence on how the connection stands, and what to do where it does not. */
export function describeConnection({ name, connection, oauth }: Integration): string {
  switch (connection.state) {
    case 'connected':
      return `Connected, ${connection.tool_count} ${connection.tool_count === 1 ? 'tool' : 'tools'}.`
    case 'connecting':
      return `Still connecting. See \`gatehouse show ${name}\`.`
    case 'disabled':
      return 'It is disabled.'
    case 'needs_setup':
      return 'It needs to be set up in the console first.'
    case 'needs_auth':
      if (oauth === null) return notConnected(name, connection)
      return `Not connected: ${connection.error?.message ?? 'Nobody has signed in.'} Use \`gatehouse authorize ${name}\`.`
    case 'error':
    case 'quarantined':
    case 'locked':
      return notConnected(name, connection)
  }
}

function notConnected(name: string, { error, state }: Integration['connection']): string {
  return `Not connected: ${error?.message ?? state} See \`gatehouse test ${name}\`.`
}
