import type { Integration } from '../../../src/shared/contract/integrations.ts'

/** A connected custom integration; a test says only what matters to it. */
export function integration(name: string, changes: Partial<Integration> = {}): Integration {
  const time = '2026-11-24T10:00:00.000Z'
  return {
    name,
    display_name: '',
    description: '',
    logo_url: '',
    logo: null,
    category: '',
    source: 'custom',
    protocol: 'mcp',
    status: 'active',
    mcp: {
      transport: 'http',
      server_url: `https://${name}.example.com/mcp`,
      headers: {},
      era: 'auto',
      isolation: 'shared',
    },
    rest: null,
    auth_type: 'bearer',
    auth_header_prefix: 'Bearer',
    auth: {},
    oauth: null,
    credentials: {},
    enabled_tools: [],
    disabled_tools: [],
    on_definition_change: 'hold',
    unapproved_tools: 0,
    revision: 0,
    connection: connection('connected'),
    created_at: time,
    updated_at: time,
    ...changes,
  }
}

export function connection(state: Integration['connection']['state']): Integration['connection'] {
  return {
    state,
    error: null,
    protocol_version: null,
    server_info: null,
    tool_count: 0,
    warnings: [],
    since: '2026-11-24T10:00:00.000Z',
    next_retry_at: null,
  }
}
