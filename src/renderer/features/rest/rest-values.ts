import type { AuthType, Credentials, Integration, RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { NamedValue } from '../connection/connection-values.ts'
import {
  emptyOAuth,
  oauthOfIntegration,
  type OAuthValues,
  storedInOAuth,
  toOAuthCredentials,
  toOAuthSettings,
  withoutStoredOAuth,
} from '../oauth/oauth-values.ts'
import { plainOf, rowsOf, secretsOf, withoutStoredRows } from '../connection/named-rows.ts'

/** Settings that are numbers, as they are typed; an empty one means its default. */
export interface RestNumbers {
  timeout_s: string
  max_concurrency: string
  retries: string
  max_answer_kib: string
}

/** How a REST API is reached, as a person fills it in. `stored_…` is the mask of a secret while it is kept. */
export interface RestValues extends RestNumbers {
  base_url: string
  headers: NamedValue[]
  auth_type: AuthType
  auth_header_prefix: string
  /** Of the header, query parameter or cookie. Empty: as usual. */
  header_name: string
  key_place: 'header' | 'query' | 'cookie'
  /** The token or the key. */
  token: string
  stored_token?: string | undefined
  username: string
  stored_username?: string | undefined
  password: string
  stored_password?: string | undefined
  oauth: OAuthValues
  ca: string
  client_certificate: string
  tls_key: string
  stored_tls_key?: string | undefined
  proxy_url: string
  /** One a line. */
  credential_origins: string
}

const usualNumbers = {
  timeout_s: 60,
  max_concurrency: 16,
  retries: 2,
  max_answer_kib: 256,
} as const satisfies Record<keyof RestNumbers, number>

export function emptyRestValues(): RestValues {
  return {
    base_url: '',
    headers: [],
    auth_type: 'bearer',
    auth_header_prefix: 'Bearer',
    header_name: '',
    key_place: 'header',
    token: '',
    username: '',
    password: '',
    oauth: emptyOAuth(),
    timeout_s: '60',
    max_concurrency: '16',
    retries: '2',
    max_answer_kib: '256',
    ca: '',
    client_certificate: '',
    tls_key: '',
    proxy_url: '',
    credential_origins: '',
  }
}

/** A stored integration in the form: every value, and masks where there are secrets. */
export function restValuesOf({ rest, credentials, ...integration }: Integration): RestValues {
  const mask = (name: string): string | undefined => {
    const value = credentials[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    ...emptyRestValues(),
    ...(rest && {
      base_url: rest.base_url,
      headers: rowsOf(rest.headers, credentials.headers),
      timeout_s: String(rest.timeout_s),
      max_concurrency: String(rest.max_concurrency),
      retries: String(rest.retries),
      max_answer_kib: String(rest.max_answer_kib),
      ca: rest.ca ?? '',
      client_certificate: rest.client_certificate ?? '',
      proxy_url: rest.proxy_url ?? '',
      credential_origins: rest.credential_origins.join('\n'),
    }),
    auth_type: integration.auth_type,
    auth_header_prefix: integration.auth_header_prefix,
    header_name: integration.auth.header_name ?? '',
    key_place: integration.auth.in ?? 'header',
    stored_token: mask(integration.auth_type === 'api_key' ? 'api_key' : 'api_token'),
    stored_username: mask('username'),
    stored_password: mask('password'),
    stored_tls_key: mask('tls_key'),
    oauth: oauthOfIntegration({ auth: integration.auth, credentials }),
  }
}

/** The connection half of what `create`, `update` and `test_draft` take. */
export function toRestConnection(values: RestValues): Omit<RestConnectionDraft, 'name' | 'credentials'> {
  const name = values.header_name.trim()
  const named = values.auth_type === 'api_key' || values.auth_type === 'bearer'
  const oauth = values.auth_type === 'oauth2' ? toOAuthSettings(values.oauth) : undefined
  return {
    protocol: 'rest',
    rest: {
      base_url: values.base_url.trim(),
      headers: plainOf(values.headers),
      timeout_s: numberOf(values, 'timeout_s'),
      max_concurrency: numberOf(values, 'max_concurrency'),
      retries: numberOf(values, 'retries'),
      max_answer_kib: numberOf(values, 'max_answer_kib'),
      ...(values.ca.trim() ? { ca: values.ca.trim() } : {}),
      ...(values.client_certificate.trim() ? { client_certificate: values.client_certificate.trim() } : {}),
      ...(values.proxy_url.trim() ? { proxy_url: values.proxy_url.trim() } : {}),
      credential_origins: originLines(values.credential_origins),
    },
    auth_type: values.auth_type,
    auth_header_prefix: values.auth_header_prefix.trim(),
    auth: {
      ...(named && name ? { header_name: name } : {}),
      ...(values.auth_type === 'api_key' && values.key_place !== 'header' ? { in: values.key_place } : {}),
      ...(oauth ? { oauth } : {}),
    },
  }
}

/** The whole set of secrets as it is typed; undefined when there is none. */
export function toRestCredentials(values: RestValues): Credentials | undefined {
  const headers = secretsOf(values.headers)
  const token = values.stored_token === undefined ? values.token.trim() : ''
  const isBasic = values.auth_type === 'basic'
  const username = isBasic && values.stored_username === undefined ? values.username : ''
  const password = isBasic && values.stored_password === undefined ? values.password : ''
  const key = values.stored_tls_key === undefined ? values.tls_key.trim() : ''
  const credentials: Credentials = {
    ...(token && values.auth_type === 'bearer' ? { api_token: token } : {}),
    ...(token && values.auth_type === 'api_key' ? { api_key: token } : {}),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(values.auth_type === 'oauth2' ? toOAuthCredentials(values.oauth) : {}),
    ...(key ? { tls_key: key } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  }
  return Object.keys(credentials).length > 0 ? credentials : undefined
}

const storedFields = ['stored_token', 'stored_username', 'stored_password', 'stored_tls_key'] as const

/** How many secrets the vault keeps for this form. */
export function storedInRest(values: RestValues): number {
  return (
    values.headers.filter(({ stored }) => stored !== undefined).length +
    storedFields.filter((field) => values[field] !== undefined).length +
    storedInOAuth(values.oauth)
  )
}

/** Secrets are replaced as a set: every stored one becomes an empty field, and what is left empty is dropped. */
export function withoutStoredInRest(values: RestValues): RestValues {
  const cleared = Object.fromEntries(storedFields.map((field) => [field, undefined]))
  return {
    ...values,
    ...cleared,
    token: '',
    username: '',
    password: '',
    tls_key: '',
    oauth: withoutStoredOAuth(values.oauth),
    headers: withoutStoredRows(values.headers),
  }
}

/** Where credentials go: scheme, host and port. Empty while the URL is not one. */
export function originOf(url: string): string {
  const parsed = URL.parse(url.trim())
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : ''
}

function numberOf(values: RestNumbers, field: keyof RestNumbers): number {
  const text = values[field].trim()
  return text === '' ? usualNumbers[field] : Number(text)
}

/** One a line. */
export function originLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
