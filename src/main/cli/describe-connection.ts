import type { Integration } from '../../shared/contract/integrations.ts'

/** A sentence on how the connection stands, and what to do where it does not. */
export function describeConnection({ name, connection }: Integration): string {
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
    case 'error':
    case 'quarantined':
    case 'locked':
      return `Not connected: ${connection.error?.message ?? connection.state} See \`gatehouse test ${name}\`.`
  }
}
