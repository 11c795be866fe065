import type { Credentials, Integration } from '../../../shared/contract/integrations.ts'
import type { GrantType, OAuthSettings, RedirectKind, TokenEndpointAuthMethod } from '../../../shared/contract/oauth.ts'
import { withUrlExample } from '../../ui/url-example.ts'

/** OAuth as a person fills it in; empty: found at the server. `stored_…` is the mask of a secret while it is kept. */
export interface OAuthValues {
  grant_type: GrantType
  issuer: string
  authorization_url: string
  token_url: string
  revocation_url: string
  client_id: string
  stored_client_id?: string | undefined
  client_secret: string
  stored_client_secret?: string | undefined
  private_key: string
  stored_private_key?: string | undefined
  client_metadata_url: string
  /** Empty: the best that the server supports. */
  token_endpoint_auth_method: TokenEndpointAuthMethod | ''
  /** With spaces between them. */
  scopes: string
  audience: string
  resource: string
  redirect: RedirectKind
  redirect_port: string
  allow_unadvertised_pkce: boolean
}

/** A form that has OAuth among its ways to authenticate. */
export interface OAuthForm {
  oauth: OAuthValues
}

export function emptyOAuth(): OAuthValues {
  return {
    grant_type: 'authorization_code',
    issuer: '',
    authorization_url: '',
    token_url: '',
    revocation_url: '',
    client_id: '',
    client_secret: '',
    private_key: '',
    client_metadata_url: '',
    token_endpoint_auth_method: '',
    scopes: '',
    audience: '',
    resource: '',
    redirect: 'loopback',
    redirect_port: '',
    allow_unadvertised_pkce: false,
  }
}

/** Stored settings in the form. */
export function oauthOfSettings(settings: OAuthSettings | undefined): OAuthValues {
  if (!settings) return emptyOAuth()
  const { scopes, redirect_port, ...rest } = settings
  return {
    ...emptyOAuth(),
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    scopes: scopes.join(' '),
    redirect_port: redirect_port === undefined ? '' : String(redirect_port),
  }
}

/** A stored integration in the form: every value, and masks where there are secrets. */
export function oauthOfIntegration({ auth, credentials }: Pick<Integration, 'auth' | 'credentials'>): OAuthValues {
  const mask = (name: string): string | undefined => {
    const value = credentials[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    ...oauthOfSettings(auth.oauth),
    stored_client_id: mask('client_id'),
    stored_client_secret: mask('client_secret'),
    stored_private_key: mask('private_key'),
  }
}

/** Whether a person signs in, in a browser; with client credentials nobody is asked. */
export function asksPerson({ grant_type }: Pick<OAuthValues, 'grant_type'>): boolean {
  return grant_type === 'authorization_code'
}

const texts = [
  'issuer',
  'authorization_url',
  'token_url',
  'revocation_url',
  'client_id',
  'client_metadata_url',
  'audience',
  'resource',
] as const

/** What holds where an integration has no settings of its own. */
export const usualSettings: OAuthSettings = {
  grant_type: 'authorization_code',
  scopes: [],
  redirect: 'loopback',
  allow_unadvertised_pkce: false,
}

/** Fields that only a sign-in in a browser has. */
const ofPerson: ReadonlySet<string> = new Set(['authorization_url', 'client_metadata_url'])

/** What the contract takes; undefined where everything is as usual. What the form hides is left out. */
export function toOAuthSettings(values: OAuthValues): OAuthSettings | undefined {
  const person = asksPerson(values)
  const filled = texts.flatMap((field) => {
    const text = values[field].trim()
    return text === '' || (!person && ofPerson.has(field)) ? [] : [[field, text] as const]
  })
  const port = person && values.redirect === 'loopback' ? values.redirect_port.trim() : ''
  const settings: OAuthSettings = {
    grant_type: values.grant_type,
    ...(Object.fromEntries(filled) as Partial<Record<(typeof texts)[number], string>>),
    ...(values.token_endpoint_auth_method === ''
      ? {}
      : { token_endpoint_auth_method: values.token_endpoint_auth_method }),
    scopes: values.scopes.split(/[\s,]+/).filter(Boolean),
    redirect: person ? values.redirect : 'loopback',
    ...(port === '' ? {} : { redirect_port: Number(port) }),
    allow_unadvertised_pkce: person && values.allow_unadvertised_pkce,
  }
  return JSON.stringify(settings) === JSON.stringify(usualSettings) ? undefined : settings
}

/** The secrets that were typed. */
export function toOAuthCredentials(values: OAuthValues): Credentials {
  const secret = values.stored_client_secret === undefined ? values.client_secret.trim() : ''
  const key = values.stored_private_key === undefined ? values.private_key.trim() : ''
  return { ...(secret ? { client_secret: secret } : {}), ...(key ? { private_key: key } : {}) }
}

const storedFields = ['stored_client_id', 'stored_client_secret', 'stored_private_key'] as const

/** The masks for a form in which the kind of authentication changes: a stored secret belongs to the kind it was stored for. */
export function oauthOfKind(values: OAuthValues, stored: Partial<OAuthValues> | undefined): OAuthValues {
  return { ...withoutStoredOAuth(values), ...(stored ? storedOAuth({ ...values, ...stored }) : {}) }
}

/** The masks alone: what is kept when everything else in the form changes. */
function storedOAuth(values: OAuthValues): Partial<OAuthValues> {
  return Object.fromEntries(storedFields.map((field) => [field, values[field]]))
}

/** How many secrets the vault keeps for this part of the form. */
export function storedInOAuth(values: OAuthValues): number {
  return storedFields.filter((field) => values[field] !== undefined).length
}

/** Every stored secret as an empty field. */
export function withoutStoredOAuth(values: OAuthValues): OAuthValues {
  return { ...values, ...Object.fromEntries(storedFields.map((field) => [field, undefined])) }
}

/** The form's field for a path below `auth.oauth` or `credentials` of the contract, or undefined: it has none. */
export function oauthFieldOf(path: string): string | undefined {
  const [field = ''] = path.split('.', 1)
  return Object.hasOwn(emptyOAuth(), field) ? `oauth.${field}` : undefined
}

/** The contract's words for a field of this form, where a person needs others. */
export function oauthWordsOf(field: string, message: string): string {
  if (!field.startsWith('oauth.')) return message
  if (field === 'oauth.redirect_port') return 'Enter a port from 1024 to 65535.'
  if (field.endsWith('_url') || field === 'oauth.issuer' || field === 'oauth.resource') {
    return withUrlExample(message, 'https://login.example.com')
  }
  return message
}
