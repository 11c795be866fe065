import type { ErrorDetail } from '../../shared/contract/errors.ts'
import type { Credentials } from '../../shared/contract/integrations.ts'
import {
  CLIENT_FIELDS,
  credentialName,
  isClientField,
  isOverHttp,
  usedFields,
  type ConnectionSettings,
} from './credentials.ts'
import { oauthProblems } from './oauth-problems.ts'

/** A name of a header or cookie: a token (RFC 9110, 5.6.2). Names of query parameters are free. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

type Refuse = (path: string, message: string) => void

/** What does not fit together, a sentence for each field. `given` is what came in; `fields` is what will be stored. */
export function credentialProblems(
  settings: ConnectionSettings,
  fields: Iterable<string>,
  given: Credentials = {},
): ErrorDetail[] {
  const problems: ErrorDetail[] = []
  const refuse: Refuse = (path, message) => problems.push({ path, message })
  const used = usedFields(settings, fields)
  refuseAuthSettings(settings, refuse)
  refuseUnasked(settings, given, refuse)
  refuseDoubles(settings, used, refuse)
  for (const { path, message } of oauthProblems(settings, used)) refuse(path, message)
  return problems
}

function refuseAuthSettings(settings: ConnectionSettings, refuse: Refuse): void {
  const { protocol, authType, auth } = settings
  if (!isOverHttp(settings) && authType !== 'none') {
    refuse('auth_type', 'A command takes no auth header: use auth type none, and environment variables for secrets.')
  }
  const place = auth.in ?? 'header'
  if (place !== 'header' && protocol === 'mcp') {
    refuse('auth.in', 'An MCP server takes a credential in a header. Choose header.')
  } else if (place !== 'header' && authType !== 'api_key' && authType !== 'none') {
    refuse('auth.in', `Only an API key can be sent in a ${place}. Choose header, or auth type api_key.`)
  }
  if (auth.header_name !== undefined && place !== 'query' && !TOKEN.test(auth.header_name)) {
    refuse('auth.header_name', `This is not a valid name of a ${place}.`)
  }
}

/** Secrets that are given and that nothing would use. */
function refuseUnasked(settings: ConnectionSettings, given: Credentials, refuse: Refuse): void {
  const { authType } = settings
  const overHttp = isOverHttp(settings)
  if (given.api_token !== undefined && authType !== 'bearer') {
    refuse('credentials.api_token', `Auth type ${authType} takes no token. Choose bearer, or leave the token out.`)
  }
  if (given.api_key !== undefined && authType !== 'api_key') {
    refuse('credentials.api_key', `Auth type ${authType} takes no API key. Choose api_key, or leave the key out.`)
  }
  for (const [field, noun] of [
    ['username', 'user name'],
    ['password', 'password'],
  ] as const) {
    if (given[field] === undefined || authType === 'basic') continue
    refuse(`credentials.${field}`, `Auth type ${authType} takes no ${noun}. Choose basic, or leave the ${noun} out.`)
  }
  for (const field of CLIENT_FIELDS) {
    if (given[field] === undefined || authType === 'oauth2') continue
    const noun = field.replace('_', ' ').replace('id', 'ID')
    refuse(`credentials.${field}`, `Auth type ${authType} takes no ${noun}. Choose oauth2, or leave the ${noun} out.`)
  }
  if (given.tls_key !== undefined && settings.protocol === 'mcp') {
    refuse('credentials.tls_key', 'Client certificates are for REST APIs. Leave the key out.')
  } else if (given.tls_key !== undefined && settings.protocol === 'rest' && !settings.rest.client_certificate) {
    refuse('credentials.tls_key', 'This key has no certificate. Enter its certificate as rest.client_certificate too.')
  }
  if (overHttp && Object.keys(given.env ?? {}).length > 0) {
    refuse('credentials.env', 'A server at a URL gets no environment variables. Use secret headers.')
  }
  if (!overHttp && Object.keys(given.headers ?? {}).length > 0) {
    refuse('credentials.headers', 'A command gets no headers. Use secret environment variables.')
  }
}

/** Two values for one place. */
function refuseDoubles(settings: ConnectionSettings, used: readonly string[], refuse: Refuse): void {
  const { authType, auth } = settings
  const { place, shown, plain: values } = openValues(settings)
  // Header names are case-insensitive (RFC 9110, 5.1); names of environment variables are not.
  const key = (name: string) => (place === 'headers' ? name.toLowerCase() : name)
  const plain = new Set(Object.keys(values).map(key))
  const secretNames = used.filter((field) => field.includes('.')).map((field) => field.slice(field.indexOf('.') + 1))
  for (const name of secretNames) {
    if (plain.has(key(name))) refuse(`credentials.${place}.${name}`, `${name} is also in ${shown}. Keep one of them.`)
  }
  const isStored = used.some((field) => !field.includes('.') && field !== 'tls_key' && !isClientField(field))
  // Of a sign-in the token comes later, to the same place.
  const isSent = isStored || (authType === 'oauth2' && isOverHttp(settings))
  if (!isSent || auth.in === 'query') return
  const header = auth.in === 'cookie' ? 'Cookie' : credentialName(settings)
  const twice = [...plain, ...secretNames.map(key)].includes(header.toLowerCase())
  if (twice) refuse('auth', `${header} is set by auth type ${authType} and again as a header. Keep one of them.`)
}

/** What is sent or set in the open, and how that field is called. */
function openValues(settings: ConnectionSettings) {
  if (settings.protocol === 'rest') {
    return { place: 'headers', shown: 'rest.headers', plain: settings.rest.headers } as const
  }
  const { mcp } = settings
  if (mcp.transport === 'stdio') return { place: 'env', shown: 'mcp.env', plain: mcp.env } as const
  return { place: 'headers', shown: 'mcp.headers', plain: mcp.headers } as const
}
