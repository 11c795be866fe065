import type { PreviewAuth } from '../../../../shared/contract/openapi.ts'
import { cleanText } from './clean-text.ts'
import { oauth2Scheme, type OAuthScheme, openIdScheme } from './oauth-scheme.ts'
import { child, isObjectPlace, items, members, type ObjectPlace, type Place, textAt } from './place.ts'
import type { References } from './references.ts'

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/
const PREFIX = /^[!-~]{1,64}$/

const NONE: PreviewAuth = { name: '', auth_type: 'none', auth_header_prefix: 'Bearer', auth: {}, description: '' }

/**
 * The security schemes of a document as the form of an integration has them, and the one of them that most operations ask
 * for.
 */
export function authOf(
  references: References,
  operations: readonly ObjectPlace[],
): { auth: PreviewAuth; auth_options: PreviewAuth[] } {
  const { root } = references
  const isSwagger = references.document.format === 'swagger-2.0'
  const home = isSwagger ? child(root, 'securityDefinitions') : child(child(root, 'components'), 'securitySchemes')
  const uses = new Map<string, number>()
  const scopes = new Map<string, Set<string>>()
  let open = 0
  const global = child(root, 'security')
  for (const operation of operations) {
    const own = child(operation, 'security')
    const asked = requirements(Array.isArray(own.value) ? own : global)
    const names = new Set(asked.flat().map(([name]) => name))
    if (asked.length === 0 || asked.every((requirement) => requirement.length === 0)) open++
    for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1)
    for (const [name, wanted] of asked.flat()) {
      scopes.set(name, new Set([...(scopes.get(name) ?? []), ...wanted]))
    }
  }
  const options = members(home).flatMap(([name, place]) => {
    const scheme = references.object(place, `The security scheme ${name}`)
    const option = scheme && optionOf(references, name, scheme, scopes.get(name) ?? new Set())
    return option ? [option] : []
  })
  const rank = ({ name }: PreviewAuth) => uses.get(name) ?? 0
  const best = options.reduce<PreviewAuth | undefined>(
    (found, option) => (rank(option) > (found ? rank(found) : 0) ? option : found),
    undefined,
  )
  warnOfPairs(references, best, global)
  const auth = best ?? NONE
  return { auth, auth_options: options.length > 0 && (best !== undefined || open === 0) ? options : withNone(options) }
}

function withNone(options: PreviewAuth[]): PreviewAuth[] {
  return options.some(({ auth_type: type }) => type === 'none') ? options : [NONE, ...options]
}

/** The names in each alternative of a `security`, with the scopes that are asked for. */
function requirements(place: Place): [name: string, scopes: string[]][][] {
  return items(place)
    .filter(isObjectPlace)
    .map(({ value }) =>
      Object.entries(value).map(([name, scopes]) => [
        name.split('/').at(-1) ?? name,
        Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [],
      ]),
    )
}

/** One credential is what an integration has; where a document wants two, the other is a header of its own. */
function warnOfPairs(references: References, best: PreviewAuth | undefined, global: Place): void {
  if (best === undefined) return
  const alternatives = requirements(global).map((requirement) => requirement.map(([name]) => name))
  const pair = alternatives.find((names) => names.includes(best.name))
  const others = pair?.filter((name) => name !== best.name) ?? []
  if (others.length === 0) return
  const message = `Requests need ${others.join(' and ')} beside ${best.name}. Enter it as a secret header, if it is one.`
  references.warnings.add(global, message)
}

function optionOf(
  references: References,
  name: string,
  scheme: ObjectPlace,
  scopes: ReadonlySet<string>,
): PreviewAuth | null {
  const description = cleanText(scheme.value.description, 500)
  const warn = (message: string) => references.warnings.add(scheme, `The security scheme ${name} ${message}.`)
  const type = textAt(scheme, 'type')?.toLowerCase()
  switch (type) {
    case 'basic':
      return { ...NONE, name, auth_type: 'basic', description }
    case 'http':
      return httpOption(name, textAt(scheme, 'scheme')?.trim() ?? '', scheme, description)
    case 'apikey':
      return keyOption(name, scheme, description, warn)
    case 'oauth2':
      return oauthOption(name, oauth2Scheme(scheme, { scopes, warn }), description)
    case 'openidconnect':
      return oauthOption(name, openIdScheme(scheme, { scopes, warn }), description)
    case 'mutualtls':
      return { ...NONE, name, description: joined('Mutual TLS: enter a client certificate.', description) }
    case undefined:
    default:
      warn(`has the type ${JSON.stringify(scheme.value.type)}, which there is not; it is left out`)
      return null
  }
}

function oauthOption(name: string, { settings, description: text }: OAuthScheme, description: string): PreviewAuth {
  const how = settings ? { auth_type: 'oauth2' as const, auth: { oauth: settings } } : { auth_type: 'bearer' as const }
  return { ...NONE, ...how, name, description: joined(text, description) }
}

function httpOption(name: string, given: string, scheme: ObjectPlace, description: string): PreviewAuth {
  switch (given.toLowerCase()) {
    case 'basic':
      return { ...NONE, name, auth_type: 'basic', description }
    case 'bearer':
    case '': {
      const format = textAt(scheme, 'bearerFormat')
      const text = format === undefined ? '' : `The token is ${/^[aeiou]/i.test(format) ? 'an' : 'a'} ${format}.`
      return { ...NONE, name, auth_type: 'bearer', description: joined(text, description) }
    }
    default: {
      const text = `HTTP authentication "${given}": enter what goes behind that word in the Authorization header.`
      const prefix = PREFIX.test(given) ? given : ''
      return { ...NONE, name, auth_type: 'bearer', auth_header_prefix: prefix, description: joined(text, description) }
    }
  }
}

function keyOption(
  name: string,
  scheme: ObjectPlace,
  description: string,
  warn: (message: string) => void,
): PreviewAuth | null {
  const key = textAt(scheme, 'name')?.trim() ?? ''
  const where = textAt(scheme, 'in')?.toLowerCase() ?? 'header'
  if (!HEADER_NAME.test(key)) {
    warn(`has no name that a header, query parameter or cookie can have (${JSON.stringify(key)}); it is left out`)
    return null
  }
  if (where !== 'header' && where !== 'query' && where !== 'cookie') {
    warn(`is in "${where}", which there is not; it is left out`)
    return null
  }
  // Before 3.0 this was the only way to ask for a bearer token.
  const isAuthorization = where === 'header' && key.toLowerCase() === 'authorization'
  const hint = /\b(Bearer|Token|Basic|ApiKey|JWT|GoogleLogin)\b/.exec(`${description} ${name}`)?.[1]
  const saysBearer = /bearer/i.test(`${description} ${name}`)
  const prefix = isAuthorization ? (saysBearer ? 'Bearer' : hint === 'Token' ? 'Token' : '') : ''
  return {
    name,
    auth_type: 'api_key',
    auth_header_prefix: prefix,
    auth: { header_name: key, in: where },
    description,
  }
}

function joined(first: string, second: string): string {
  return [first, second].filter((text) => text !== '').join(' ')
}
