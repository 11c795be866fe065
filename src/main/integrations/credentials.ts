import type {
  AuthSettings,
  AuthType,
  Credentials,
  McpSettings,
  RestSettings,
} from '../../shared/contract/integrations.ts'
import type { RestSecrets, UpstreamSecrets } from '../upstream/upstream.ts'

/** How a REST API is reached, without its tools. */
export type RestPlace = Omit<RestSettings, 'tools' | 'source'>

/** What a connection leads to. */
export type Target = { protocol: 'mcp'; mcp: McpSettings } | { protocol: 'rest'; rest: RestPlace }

interface Authentication {
  authType: AuthType
  authHeaderPrefix: string
  auth: AuthSettings
}

/** What decides where a secret goes. */
export type ConnectionSettings = Authentication & Target
export type McpConnection = Authentication & Extract<Target, { protocol: 'mcp' }>
export type RestConnection = Authentication & Extract<Target, { protocol: 'rest' }>

/** What a client of OAuth shows itself with; none of it is sent to the integration itself. */
export const CLIENT_FIELDS = ['client_id', 'client_secret', 'private_key'] as const
const SINGLE = ['api_token', 'api_key', 'username', 'password', 'tls_key', ...CLIENT_FIELDS] as const

/** One entry for each secret that was given, by its place: `api_token`, `password`, `env.NAME`, `headers.NAME`. */
export function secretFields(credentials: Credentials): Map<string, string> {
  const fields = new Map<string, string>()
  for (const field of SINGLE) {
    const value = credentials[field]
    // A user may have no name, and the vault takes no empty secret.
    if (value !== undefined && value !== '') fields.set(field, value)
  }
  for (const [name, value] of Object.entries(credentials.env ?? {})) fields.set(`env.${name}`, value)
  for (const [name, value] of Object.entries(credentials.headers ?? {})) fields.set(`headers.${name}`, value)
  return fields
}

/** The fields that this connection uses; others are kept for the day when the settings ask for them again. */
export function usedFields(settings: ConnectionSettings, fields: Iterable<string>): string[] {
  const overHttp = isOverHttp(settings)
  const { authType } = settings
  return [...fields].filter((field) => {
    if (field === 'api_token') return overHttp && authType === 'bearer'
    if (field === 'api_key') return overHttp && authType === 'api_key'
    if (field === 'username' || field === 'password') return overHttp && authType === 'basic'
    if (isClientField(field) || field.startsWith('oauth.')) return overHttp && authType === 'oauth2'
    if (field === 'tls_key') return settings.protocol === 'rest' && settings.rest.client_certificate !== undefined
    return field.startsWith(overHttp ? 'headers.' : 'env.')
  })
}

export function isClientField(field: string): boolean {
  return (CLIENT_FIELDS as readonly string[]).includes(field)
}

/** Secrets in the places where an MCP server expects them. */
export function upstreamSecrets(settings: McpConnection, fields: ReadonlyMap<string, string>): UpstreamSecrets {
  if (settings.mcp.transport === 'stdio') return { headers: {}, env: Object.fromEntries(named(fields, 'env')) }
  const credential = credentialOf(settings, fields)
  const auth = credential === undefined ? [] : [[credentialName(settings), credential] as const]
  return { headers: Object.fromEntries([...auth, ...named(fields, 'headers')]), env: {} }
}

/** Secrets in the places where a REST API expects them. */
export function restSecrets(settings: RestConnection, fields: ReadonlyMap<string, string>): RestSecrets {
  const secrets: RestSecrets = { headers: {}, query: {}, cookies: {} }
  const credential = credentialOf(settings, fields)
  if (credential !== undefined) secrets[placeOfCredential(settings)][credentialName(settings)] = credential
  for (const [name, value] of named(fields, 'headers')) secrets.headers[name] = value
  const tlsKey = fields.get('tls_key')
  return tlsKey === undefined || settings.rest.client_certificate === undefined ? secrets : { ...secrets, tlsKey }
}

/** `Basic` and what follows it (RFC 7617, section 2, with UTF-8). */
export function basicCredential(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/** Everything that is reached by HTTP, rather than by starting a command. */
export function isOverHttp(target: Target): boolean {
  return target.protocol === 'rest' || target.mcp.transport !== 'stdio'
}

/** The header, query parameter or cookie that carries the credential. */
export function credentialName({ authType, auth }: ConnectionSettings): string {
  return auth.header_name ?? (authType === 'api_key' ? 'X-API-Key' : 'Authorization')
}

function placeOfCredential({ authType, auth }: RestConnection): 'headers' | 'query' | 'cookies' {
  if (authType !== 'api_key') return 'headers'
  return ({ header: 'headers', query: 'query', cookie: 'cookies' } as const)[auth.in ?? 'header']
}

/** The one that the auth type asks for, as it is sent. Undefined: it asks for none that is stored, or there is none. */
function credentialOf(settings: ConnectionSettings, fields: ReadonlyMap<string, string>): string | undefined {
  if (settings.authType === 'none' || settings.authType === 'oauth2') return undefined
  if (settings.authType === 'basic') {
    const [username, password] = [fields.get('username'), fields.get('password')]
    return username === undefined && password === undefined
      ? undefined
      : basicCredential(username ?? '', password ?? '')
  }
  const credential = fields.get(settings.authType === 'api_key' ? 'api_key' : 'api_token')
  return credential === undefined ? undefined : withPrefix(settings, credential)
}

/**
 * The default prefix `Bearer` belongs to Authorization (RFC 6750). A header of its own carries an API key alone unless
 * another prefix was chosen; a query parameter or a cookie always does.
 */
function withPrefix(settings: ConnectionSettings, credential: string): string {
  const { authType, auth, authHeaderPrefix: prefix } = settings
  const isKey = authType === 'api_key'
  const isHeader = (auth.in ?? 'header') === 'header'
  const standsAlone =
    isKey && (!isHeader || (prefix === 'Bearer' && credentialName(settings).toLowerCase() !== 'authorization'))
  if (prefix === '' || standsAlone) return credential
  // `Token token=…`: the credential is the value of a parameter, which takes no space.
  return prefix.endsWith('=') ? prefix + credential : `${prefix} ${credential}`
}

function named(fields: ReadonlyMap<string, string>, prefix: 'env' | 'headers'): [name: string, value: string][] {
  return [...fields]
    .filter(([field]) => field.startsWith(`${prefix}.`))
    .map(([field, value]) => [field.slice(prefix.length + 1), value])
}
