import type {
  AuthSettings,
  AuthType,
  Credentials,
  EraSetting,
  Integration,
  IsolationSetting,
  McpConnectionDraft,
  McpSettings,
} from '../../../shared/contract/integrations.ts'
import type { PastedServer } from '../add/paste.ts'
import {
  emptyOAuth,
  oauthOfIntegration,
  type OAuthValues,
  storedInOAuth,
  toOAuthCredentials,
  toOAuthSettings,
  withoutStoredOAuth,
} from '../oauth/oauth-values.ts'
import { plainOf, rowsOf, secretsOf, withoutStoredRows } from './named-rows.ts'

/** A row of Environment or Headers. `stored`: the secret is kept in the vault, this is its mask. */
export interface NamedValue {
  name: string
  value: string
  secret: boolean
  stored?: string | undefined
}

/** The connection half of the form, as a person fills it in. */
export interface ConnectionValues {
  transport: 'sse' | 'http' | 'stdio'
  server_url: string
  headers: NamedValue[]
  command: string
  /** One a line. */
  args: string
  env: NamedValue[]
  cwd: string
  /** Not in the form: set over the API, and kept. */
  era: EraSetting
  isolation: IsolationSetting
  auth_type: AuthType
  auth_header_prefix: string
  header_name: string
  token: string
  /** The mask of the stored token, while it is kept. */
  stored_token?: string | undefined
  oauth: OAuthValues
}

export function emptyConnection(): ConnectionValues {
  return {
    transport: 'sse',
    server_url: '',
    headers: [],
    command: '',
    args: '',
    env: [],
    cwd: '',
    era: 'auto',
    isolation: 'shared',
    auth_type: 'bearer',
    auth_header_prefix: 'Bearer',
    header_name: '',
    token: '',
    oauth: emptyOAuth(),
  }
}

/** What was pasted, in the form. A URL without authentication still proposes Bearer: no token means no header. */
export function connectionOfPaste(server: PastedServer): ConnectionValues {
  const open = server.transport !== 'stdio' && server.auth_type === 'none'
  return {
    ...emptyConnection(),
    transport: server.transport,
    server_url: server.server_url,
    headers: server.headers,
    command: server.command,
    args: joinArguments(server.args),
    env: server.env,
    cwd: server.cwd,
    auth_type: open ? 'bearer' : server.auth_type,
    auth_header_prefix: server.auth_header_prefix,
    header_name: server.header_name,
    token: server.token,
  }
}

/** A stored integration in the form: every value, and masks where there are secrets. */
export function connectionOfIntegration(integration: Integration): ConnectionValues {
  const { mcp, credentials } = integration
  const tokenMask = credentials[integration.auth_type === 'api_key' ? 'api_key' : 'api_token']
  return {
    ...emptyConnection(),
    ...(mcp && { era: mcp.era, isolation: mcp.isolation }),
    ...(mcp && mcp.transport !== 'stdio'
      ? { transport: mcp.transport, server_url: mcp.server_url, headers: rowsOf(mcp.headers, credentials.headers) }
      : {}),
    ...(mcp?.transport === 'stdio'
      ? {
          transport: 'stdio',
          command: mcp.command,
          args: joinArguments(mcp.args),
          env: rowsOf(mcp.env, credentials.env),
          cwd: mcp.cwd ?? '',
        }
      : {}),
    auth_type: integration.auth_type,
    auth_header_prefix: integration.auth_header_prefix,
    header_name: integration.auth.header_name ?? '',
    stored_token: typeof tokenMask === 'string' ? tokenMask : undefined,
    oauth: oauthOfIntegration(integration),
  }
}

/** The connection half of what `create`, `update` and `test_draft` take. */
export function toConnection(values: ConnectionValues): Omit<McpConnectionDraft, 'name' | 'credentials'> {
  const { transport } = values
  const atUrl = transport !== 'stdio'
  return {
    protocol: 'mcp',
    mcp: mcpOf(values),
    auth_type: atUrl ? values.auth_type : 'none',
    auth_header_prefix: values.auth_header_prefix.trim(),
    auth: atUrl ? authOf(values) : {},
  }
}

function authOf({ auth_type, header_name, oauth }: ConnectionValues): AuthSettings {
  if (auth_type === 'api_key' && header_name.trim()) return { header_name: header_name.trim() }
  const settings = auth_type === 'oauth2' ? toOAuthSettings(oauth) : undefined
  return settings ? { oauth: settings } : {}
}

function mcpOf(values: ConnectionValues): McpSettings {
  const { transport, era, isolation } = values
  const place = () => ({ server_url: values.server_url.trim(), headers: plainOf(values.headers) })
  if (transport === 'http') return { transport, ...place(), era, isolation }
  // That transport is older than the modern era.
  if (transport === 'sse') return { transport, ...place(), era: era === 'modern' ? 'auto' : era, isolation }
  return {
    transport,
    command: values.command.trim(),
    args: splitArguments(values.args),
    env: plainOf(values.env),
    ...(values.cwd.trim() ? { cwd: values.cwd.trim() } : {}),
    era,
    isolation,
  }
}

/** The whole set of secrets as it is typed; undefined when there is none. */
export function toCredentials(values: ConnectionValues): Credentials | undefined {
  const atUrl = values.transport !== 'stdio'
  const rows = secretsOf(atUrl ? values.headers : values.env)
  const token = atUrl && values.stored_token === undefined ? values.token.trim() : ''
  const credentials: Credentials = {
    ...(token && values.auth_type === 'bearer' ? { api_token: token } : {}),
    ...(token && values.auth_type === 'api_key' ? { api_key: token } : {}),
    ...(atUrl && values.auth_type === 'oauth2' ? toOAuthCredentials(values.oauth) : {}),
    ...(Object.keys(rows).length > 0 ? { [atUrl ? 'headers' : 'env']: rows } : {}),
  }
  return Object.keys(credentials).length > 0 ? credentials : undefined
}

/** How many secrets the vault keeps for this form. */
export function storedCount(values: ConnectionValues): number {
  const rows = values.transport === 'stdio' ? values.env : values.headers
  const ofToken = values.stored_token === undefined ? 0 : 1
  return rows.filter(({ stored }) => stored !== undefined).length + ofToken + storedInOAuth(values.oauth)
}

/**
 * Saving secrets replaces the whole set, so to replace one is to enter each again: every stored one becomes an empty
 * field. What is left empty then is dropped.
 */
export function withoutStored(values: ConnectionValues): ConnectionValues {
  const headers = withoutStoredRows(values.headers)
  const env = withoutStoredRows(values.env)
  return { ...values, stored_token: undefined, token: '', headers, env, oauth: withoutStoredOAuth(values.oauth) }
}

export function splitArguments(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

function joinArguments(args: readonly string[]): string {
  return args.join('\n')
}
