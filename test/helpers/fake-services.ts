import type { Integration } from '../../src/shared/contract/integrations.ts'
import type { VaultState } from '../../src/shared/contract/vault.ts'
import type { ApiServices } from '../../src/main/api/services.ts'
import { AppError } from '../../src/main/base/app-error.ts'

/** As what is loaded with its first use. */
function loaded<Service>(service: Service): { get: () => Promise<Service> } {
  return { get: () => Promise.resolve(service) }
}

const time = '2026-01-02T03:04:05.000Z'

export const weather: Integration = {
  name: 'weather',
  display_name: 'Weather',
  description: '',
  logo_url: '',
  logo: null,
  category: '',
  source: 'custom',
  protocol: 'mcp',
  status: 'active',
  mcp: { transport: 'http', server_url: 'https://weather.example/mcp', headers: {}, era: 'auto', isolation: 'shared' },
  rest: null,
  auth_type: 'bearer',
  auth_header_prefix: 'Bearer',
  auth: {},
  oauth: null,
  credentials: { api_token: '••••cdef' },
  enabled_tools: [],
  disabled_tools: [],
  on_definition_change: 'hold',
  unapproved_tools: 0,
  revision: 1,
  connection: {
    state: 'connected',
    error: null,
    protocol_version: '2025-11-25',
    server_info: { name: 'weather', version: '1' },
    tool_count: 1,
    warnings: [],
    since: time,
    next_retry_at: null,
  },
  created_at: time,
  updated_at: time,
}

const vault: VaultState = { state: 'ready', backend: 'key', reason: null, sealed_count: 1 }

const missing = () => {
  throw new AppError('not_found')
}

/** Services that know one integration and nothing else; a test replaces what it is about. */
export function fakeServices(replaced: Partial<ApiServices> = {}): ApiServices {
  return {
    integrations: {
      list: () => [weather],
      get: (_workspace, name) => (name === weather.name ? weather : missing()),
      filteredTools: missing,
      approveTools: missing,
      create: (_workspace, input) => ({ ...weather, name: input.name }),
      update: () => weather,
      remove: () => undefined,
      restore: () => weather,
      enable: () => weather,
      disable: () => weather,
      restart: () => weather,
      output: () => [],
      followOutput: missing,
      process: () => null,
    },
    trials: { test: missing, testDraft: missing },
    authorizations: { authorize: missing, cancel: () => undefined, disconnect: missing, diagnose: missing },
    previews: { preview: missing },
    toolDrafts: { preview: missing, try: missing },
    imports: { check: missing, apply: missing, export: missing },
    setup: loaded({ get: missing, apply: missing, verify: missing, forget: missing }),
    incidents: {
      list: missing,
      get: missing,
      update: missing,
      acknowledge: missing,
      resolve: missing,
      events: missing,
      report: missing,
    },
    channels: {
      list: () => [],
      get: missing,
      create: missing,
      update: missing,
      remove: missing,
      test: missing,
      testDraft: missing,
      preview: missing,
      resume: missing,
      rotateSecret: missing,
      destinations: missing,
    },
    rules: { list: () => [], create: missing, update: missing, remove: missing, test: missing, preview: missing },
    deliveries: { list: missing, get: missing, resend: missing },
    hookTokens: { list: () => [], create: missing, remove: missing },
    prometheus: loaded({
      status: missing,
      poll: missing,
      queries: () => [],
      createQuery: missing,
      updateQuery: missing,
      removeQuery: missing,
      series: missing,
    }),
    agents: { list: () => [], create: missing, update: missing, remove: missing, rotate: missing, lease: missing },
    profiles: { list: () => [], create: missing, update: missing, remove: missing },
    clients: loaded({
      list: () => [],
      preview: missing,
      connect: missing,
      disconnect: missing,
      restore: missing,
      servers: () => [],
      importServers: () => [],
    }),
    calls: {
      list: () => ({ items: [], next_cursor: null, total: 0 }),
      get: missing,
      follow: missing,
      stats: missing,
      clear: () => undefined,
    },
    audit: { record: () => undefined, list: () => ({ items: [], next_cursor: null }) },
    workspaces: {
      list: () => [],
      create: missing,
      update: missing,
      remove: missing,
      require: (name) => (name === 'default' ? { name, plan: 'enterprise', created_at: time } : missing()),
    },
    settings: { get: missing, update: missing },
    vault: { state: () => vault, unlock: missing, lock: missing, rotate: missing, reset: missing },
    transfer: loaded({ export: () => '', plan: missing, apply: missing }),
    gateway: { listTools: () => [], tool: missing, toolsOf: () => [], callTool: missing, runTool: missing },
    events: { subscribe: missing },
    status: missing,
    restartGateway: missing,
    consoleUrl: () => 'http://127.0.0.1:7420/#code=x',
    ...replaced,
  }
}
