import { OAuthSettings, OAuthUrl, type GrantType } from '../../../../shared/contract/oauth.ts'
import { isObject } from '../../../base/is-object.ts'
import { child, members, type ObjectPlace, type Place, textAt } from './place.ts'

/** What a security scheme of the types `oauth2` and `openIdConnect` comes to. */
export type OAuthScheme =
  | { settings: OAuthSettings; description: string }
  /** It has only flows that ended with OAuth 2.1, or that nobody can go through here: a token has to be had elsewhere. */
  | { settings: undefined; description: string }

/** Flows as OpenAPI 3 and Swagger 2.0 name them, in the order in which they are preferred. */
const GRANTS: ReadonlyMap<string, GrantType> = new Map([
  ['authorizationCode', 'authorization_code'],
  ['accessCode', 'authorization_code'],
  ['clientCredentials', 'client_credentials'],
  ['application', 'client_credentials'],
])
const FLOWS: Readonly<Record<string, string>> = {
  authorizationCode: 'authorization code',
  accessCode: 'authorization code',
  clientCredentials: 'client credentials',
  application: 'client credentials',
  deviceAuthorization: 'device authorization',
}
const OPENID_CONFIGURATION = '/.well-known/openid-configuration'
const SERVER_METADATA = '/.well-known/oauth-authorization-server'
const MOST_SCOPES = 200

interface Asked {
  /** Scopes that operations ask for. */
  scopes: ReadonlySet<string>
  warn: (message: string) => void
}

/** OAuth 2 (OpenAPI 3.2, 4.27; Swagger 2.0). Endpoints that a document names need no metadata of a server. */
export function oauth2Scheme(scheme: ObjectPlace, asked: Asked): OAuthScheme {
  const flows = flowsOf(scheme)
  const found = [...GRANTS].flatMap(([name, grant]) =>
    flows.filter(([flow]) => flow === name).map(([, at]) => ({ grant, at })),
  )
  const [best] = found
  const names = flows.map(([flow, place]) => {
    const address = textAt(place, 'tokenUrl') ?? textAt(place, 'authorizationUrl')
    return `${FLOWS[flow] ?? flow}${address === undefined ? '' : ` at ${address}`}`
  })
  const offered = (places: readonly Place[]) => places.flatMap((place) => Object.keys(scopesIn(place)))
  const what = `OAuth 2${names.length === 0 ? '' : ` (${names.join('; ')})`}`
  if (best === undefined && flows.length > 0) {
    const all = [...new Set(offered(flows.map(([, place]) => place)))]
    const wanted = all.length === 0 || all.length > 20 ? '' : ` Scopes: ${all.join(', ')}.`
    return { settings: undefined, description: `${what}: enter an access token.${wanted}` }
  }
  const grant = best?.grant ?? 'authorization_code'
  const todo =
    grant === 'client_credentials'
      ? 'enter the ID and the secret of a client that is registered there.'
      : 'sign in once it is added. Enter the ID of a client that is registered there, if the API has no registration of its own.'
  const settings = {
    grant_type: grant,
    ...(grant === 'authorization_code' && best && addressAt(best.at, 'authorizationUrl', 'authorization_url', asked)),
    ...(best && addressAt(best.at, 'tokenUrl', 'token_url', asked)),
    ...metadataOf(scheme, asked),
    scopes: scopesOf(asked, best ? offered([best.at]) : []),
  }
  return { settings: OAuthSettings.parse(settings), description: `${what}: ${todo}` }
}

/** OpenID Connect: one address, at which the rest can be read. */
export function openIdScheme(scheme: ObjectPlace, asked: Asked): OAuthScheme {
  const address = textAt(scheme, 'openIdConnectUrl')
  const issuer = usable(address && issuerOf(address), 'openIdConnectUrl', asked)
  const what = `OpenID Connect${address === undefined ? '' : ` (${address})`}`
  return {
    settings: OAuthSettings.parse({ ...(issuer !== undefined && { issuer }), scopes: scopesOf(asked, []) }),
    description: `${what}: sign in once it is added.`,
  }
}

/** Swagger 2.0 has one flow, beside the type. */
function flowsOf(scheme: ObjectPlace): [string, Place][] {
  const flows = child(scheme, 'flows')
  if (isObject(flows.value)) return members(flows).filter(([flow]) => !flow.startsWith('x-'))
  const flow = textAt(scheme, 'flow')
  return flow === undefined ? [] : [[flow, scheme]]
}

function scopesIn(flow: Place): Record<string, unknown> {
  const { value } = child(flow, 'scopes')
  return isObject(value) ? value : {}
}

/** Those that operations ask for: no more rights than the tools need. Where no operation names any, all of the flow. */
function scopesOf({ scopes, warn }: Asked, offered: readonly string[]): string[] {
  const wanted = (scopes.size > 0 ? [...scopes] : [...offered]).filter((scope) => isScope(scope))
  if (wanted.length > MOST_SCOPES) warn(`has more than ${MOST_SCOPES} scopes; the first of them are asked for`)
  return wanted.slice(0, MOST_SCOPES)
}

function isScope(scope: string): boolean {
  return OAuthSettings.shape.scopes.safeParse([scope]).success
}

/** OpenID Connect Discovery, 4: the well-known part stands behind the issuer. */
function issuerOf(address: string): string {
  return address.endsWith(OPENID_CONFIGURATION) ? address.slice(0, -OPENID_CONFIGURATION.length) : address
}

/** RFC 8414, 3.1: the well-known part stands between the host and the path of the issuer. */
function metadataOf(scheme: ObjectPlace, asked: Asked): { issuer?: string } {
  const address = usable(textAt(scheme, 'oauth2MetadataUrl'), 'oauth2MetadataUrl', asked)
  if (address === undefined) return {}
  const { origin, pathname } = new URL(address)
  if (pathname.endsWith(OPENID_CONFIGURATION)) return { issuer: issuerOf(address) }
  const path = pathname.startsWith(SERVER_METADATA) ? pathname.slice(SERVER_METADATA.length) : undefined
  return path === undefined ? {} : { issuer: `${origin}${path}` }
}

function addressAt(
  flow: Place,
  key: 'authorizationUrl' | 'tokenUrl',
  field: 'authorization_url' | 'token_url',
  asked: Asked,
): Partial<Record<typeof field, string>> {
  const address = usable(textAt(flow, key), key, asked)
  return address === undefined ? {} : { [field]: address }
}

function usable(address: string | undefined, key: string, { warn }: Asked): string | undefined {
  if (address === undefined || address === '') return undefined
  const { success } = OAuthUrl.safeParse(address)
  if (!success) warn(`has a ${key} that is no https address (${JSON.stringify(address)}); enter it yourself`)
  return success ? address : undefined
}
