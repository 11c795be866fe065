import type { ErrorDetail } from '../../shared/contract/errors.ts'
import type {
  AuthSettings,
  AuthType,
  Credentials,
  MaskedCredentials,
  McpSettings,
} from '../../shared/contract/integrations.ts'
import type { z } from 'zod'
import type { UpstreamSecrets } from '../upstream/upstream.ts'

/** Secrets by their place: `api_token`, `api_key`, `env.NAME`, `headers.NAME`. Undefined: it is there but can't be read. */
export type SecretFields = ReadonlyMap<string, string | undefined>

/** What decides where a secret goes. */
export interface ConnectionSettings {
  mcp: McpSettings
  authType: AuthType
  authHeaderPrefix: string
  auth: z.infer<typeof AuthSettings>
}

/** One entry for each secret that was given. */
export function secretFields(credentials: Credentials): Map<string, string> {
  const fields = new Map<string, string>()
  if (credentials.api_token !== undefined) fields.set('api_token', credentials.api_token)
  if (credentials.api_key !== undefined) fields.set('api_key', credentials.api_key)
  for (const [name, value] of Object.entries(credentials.env ?? {})) fields.set(`env.${name}`, value)
  for (const [name, value] of Object.entries(credentials.headers ?? {})) fields.set(`headers.${name}`, value)
  return fields
}

/** The same shape as on the way in, each value masked. */
export function maskFields(fields: SecretFields): MaskedCredentials {
  const top = [...fields].filter(([field]) => !field.includes('.')).map(([field, value]) => [field, mask(field, value)])
  const group = (prefix: 'env' | 'headers') => {
    const entries = named(fields, prefix).map(([name, value]) => [name, mask(name, value)] as const)
    return entries.length === 0 ? [] : [[prefix, Object.fromEntries(entries)]]
  }
  return Object.fromEntries([...top, ...group('env'), ...group('headers')]) as MaskedCredentials
}

/** The fields that this connection sends; others are kept for the day when the settings ask for them again. */
export function usedFields(settings: ConnectionSettings, fields: Iterable<string>): string[] {
  const overHttp = settings.mcp.transport !== 'stdio'
  return [...fields].filter((field) => {
    if (field === 'api_token') return overHttp && settings.authType === 'bearer'
    if (field === 'api_key') return overHttp && settings.authType === 'api_key'
    return field.startsWith(overHttp ? 'headers.' : 'env.')
  })
}

/** Secrets in the places where the server expects them. */
export function upstreamSecrets(settings: ConnectionSettings, fields: ReadonlyMap<string, string>): UpstreamSecrets {
  if (settings.mcp.transport === 'stdio') return { headers: {}, env: Object.fromEntries(named(fields, 'env')) }
  const credential = fields.get(settings.authType === 'api_key' ? 'api_key' : 'api_token')
  const auth =
    settings.authType === 'none' || credential === undefined
      ? []
      : [[authHeaderName(settings), withPrefix(settings, credential)] as const]
  return { headers: Object.fromEntries([...auth, ...named(fields, 'headers')]), env: {} }
}

/** What does not fit together, a sentence for each field. `given` is what came in; `fields` is what will be stored. */
export function credentialProblems(
  settings: ConnectionSettings,
  fields: Iterable<string>,
  given: Credentials = {},
): ErrorDetail[] {
  const problems: ErrorDetail[] = []
  const refuse = (path: string, message: string) => problems.push({ path, message })
  const { mcp, authType } = settings
  const overHttp = mcp.transport !== 'stdio'

  if (!overHttp && authType !== 'none') {
    refuse('auth_type', 'A command takes no auth header: use auth type none, and environment variables for secrets.')
  }
  if (given.api_token !== undefined && authType !== 'bearer') {
    refuse('credentials.api_token', `Auth type ${authType} takes no token. Choose bearer, or leave the token out.`)
  }
  if (given.api_key !== undefined && authType !== 'api_key') {
    refuse('credentials.api_key', `Auth type ${authType} takes no API key. Choose api_key, or leave the key out.`)
  }
  if (overHttp && Object.keys(given.env ?? {}).length > 0) {
    refuse('credentials.env', 'A server at a URL gets no environment variables. Use secret headers.')
  }
  if (!overHttp && Object.keys(given.headers ?? {}).length > 0) {
    refuse('credentials.headers', 'A command gets no headers. Use secret environment variables.')
  }

  const used = usedFields(settings, fields)
  const secretNames = used.filter((field) => field.includes('.')).map((field) => field.slice(field.indexOf('.') + 1))
  const place = overHttp ? 'headers' : 'env'
  // Header names are case-insensitive (RFC 9110, 5.1); names of environment variables are not.
  const key = (name: string) => (overHttp ? name.toLowerCase() : name)
  const plain = new Set(Object.keys(overHttp ? mcp.headers : mcp.env).map(key))
  for (const name of secretNames) {
    if (plain.has(key(name)))
      refuse(`credentials.${place}.${name}`, `${name} is also in mcp.${place}. Keep one of them.`)
  }
  if (used.some((field) => !field.includes('.'))) {
    const authHeader = authHeaderName(settings)
    const twice = [...plain, ...secretNames.map(key)].includes(authHeader.toLowerCase())
    if (twice) refuse('auth', `${authHeader} is set by auth type ${authType} and again as a header. Keep one of them.`)
  }
  return problems
}

function authHeaderName({ authType, auth }: ConnectionSettings): string {
  return auth.header_name ?? (authType === 'bearer' ? 'Authorization' : 'X-API-Key')
}

/**
 * The default prefix `Bearer` belongs to Authorization (RFC 6750). A header of its own carries an API key alone unless
 * another prefix was chosen.
 */
function withPrefix(settings: ConnectionSettings, credential: string): string {
  const { authType, authHeaderPrefix: prefix } = settings
  const standsAlone =
    authType === 'api_key' && prefix === 'Bearer' && authHeaderName(settings).toLowerCase() !== 'authorization'
  return prefix === '' || standsAlone ? credential : `${prefix} ${credential}`
}

function named<Value>(fields: ReadonlyMap<string, Value>, prefix: 'env' | 'headers'): [name: string, value: Value][] {
  return [...fields]
    .filter(([field]) => field.startsWith(`${prefix}.`))
    .map(([field, value]) => [field.slice(prefix.length + 1), value])
}

const DOTS = '••••'
const SHOWN = 4
/** Of a shorter value four characters would tell too much. */
const MIN_LENGTH_TO_SHOW = 12

/** Passwords and keys show nothing at all (contract.md); the end of a Basic credential is the end of its password. */
function mask(name: string, value: string | undefined): string {
  if (value === undefined || /key|pass|pwd|secret/i.test(name) || /^basic /i.test(value)) return DOTS
  const characters = Array.from(value)
  const last = characters.slice(-SHOWN).join('')
  return characters.length < MIN_LENGTH_TO_SHOW || last.includes('•') ? DOTS : DOTS + last
}
