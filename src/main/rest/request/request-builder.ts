import type { RestParameter, RestTool } from '../../../shared/contract/rest.ts'
import { percentEncoded } from './percent-encoding.ts'
import { requestBody, type BodyField } from './request-body.ts'
import { headerBytes, RequestHeaders } from './request-headers.ts'
import { filledPath } from './request-path.ts'
import type { RestSecrets } from '../../upstream/upstream.ts'
import { cookiePairs, headerText, pairName, queryPairs } from './serialisation.ts'
import { argumentName, BODY_ARGUMENT } from '../tool-definition.ts'
import { unfit } from '../arguments/unfit-arguments.ts'

/** Where requests go, and what each of them has. */
export interface RequestPlace {
  base_url: string
  headers: Readonly<Record<string, string>>
  /** Other origins that get the credentials as well. */
  credential_origins?: readonly string[]
}

export interface BuiltRequest {
  method: string
  url: URL
  /** In characters of one byte each, as HTTP has them. */
  headers: [string, string][]
  body?: Buffer
  /** It has the credentials of the integration, and may show the client certificate. */
  isTrusted: boolean
}

const ACCEPT = 'application/json, */*;q=0.8'

/**
 * The request that a tool makes of arguments. Throws `UnfitArguments`. Credentials are put in last and only for the
 * origins that they are for; what a tool would put in their place is left out.
 */
export function buildRequest(
  place: RequestPlace,
  tool: RestTool,
  args: Readonly<Record<string, unknown>>,
  secrets: RestSecrets,
): BuiltRequest {
  const base = new URL(tool.base_url ?? place.base_url)
  const isTrusted = isTrustedOrigin(place, base.origin)
  const { headers: secretHeaders, query: secretQuery, cookies: secretCookies } = isTrusted ? secrets : NONE
  const valueOf = (parameter: RestParameter): unknown => {
    if (parameter.constant !== undefined) return parameter.constant
    const name = argumentName(parameter)
    return Object.hasOwn(args, name) ? args[name] : undefined
  }
  const given = (where: RestParameter['in']): [RestParameter, unknown][] =>
    tool.parameters
      .filter((parameter) => parameter.in === where)
      .map((parameter): [RestParameter, unknown] => [parameter, valueOf(parameter)])
      .filter(([, value]) => value !== undefined)

  const path = filledPath(tool.path, tool.parameters, valueOf)
  const query = [
    ...pairsOf(given('query'), queryPairs, secretQuery),
    ...Object.entries(secretQuery).map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`),
  ]
  const url = joined(base, path, query)

  const headers = new RequestHeaders()
  const fields: BodyField[] = given('body')
  const whole = Object.hasOwn(args, BODY_ARGUMENT) ? args[BODY_ARGUMENT] : undefined
  const body = requestBody(tool, fields, whole)
  // Before those of the integration: only the body knows its boundary.
  if (body !== undefined) headers.default('Content-Type', body.contentType)
  const owned = [...Object.entries(secretHeaders), ...Object.entries(place.headers)]
  const isCookie = ([name]: [string, string]) => name.toLowerCase() === 'cookie'
  for (const [name, value] of owned.filter((header) => !isCookie(header))) headers.setOwn(name, value)
  const cookies = [
    ...owned.filter(isCookie).map(([, value]) => value),
    ...pairsOf(given('cookie'), cookiesOf, secretCookies),
    ...Object.entries(secretCookies).map(([name, value]) => `${name}=${cookieValue(value)}`),
  ]
  if (cookies.length > 0) headers.default('Cookie', cookies.join('; '))
  for (const [parameter, value] of given('header')) {
    const text = headerText(parameter, value)
    if (text !== undefined) headers.setArgument(parameter.name, argumentName(parameter), text)
  }
  headers.default('Accept', ACCEPT)
  headers.default('User-Agent', 'gatehouse')
  return { method: tool.method, url, headers: headers.list(), ...(body && { body: body.bytes }), isTrusted }
}

/**
 * What the parameters in one place make of their values, but for what has the name of a credential. Threat: an object whose
 * properties are pairs of their own, one of them called as a credential or as a constant; many servers take the first of two.
 */
function pairsOf(
  given: readonly [RestParameter, unknown][],
  write: (parameter: RestParameter, value: unknown) => string[],
  secrets: Readonly<Record<string, string>>,
): string[] {
  const isConstant = ({ constant }: RestParameter) => constant !== undefined
  const constants = given.map(([parameter]) => parameter).filter(isConstant)
  const taken = (names: readonly string[]) => new Set([...names, ...names.map(percentEncoded)])
  const ofSecrets = taken(Object.keys(secrets))
  const ofAll = taken([...Object.keys(secrets), ...constants.map(({ name }) => name)])
  return given.flatMap(([parameter, value]) => {
    const names = isConstant(parameter) ? ofSecrets : ofAll
    return write(parameter, value).filter((pair) => !names.has(pairName(pair)))
  })
}

/** Whether credentials go to an origin. */
function isTrustedOrigin({ base_url, credential_origins = [] }: RequestPlace, origin: string): boolean {
  return [base_url, ...credential_origins].some((trusted) => new URL(trusted).origin === origin)
}

const NONE: RestSecrets = { headers: {}, query: {}, cookies: {} }

/** Compared with what it was put together from: nothing of a path may have become another host, path or fragment. */
function joined(base: URL, path: string, query: readonly string[]): URL {
  const own = query.length === 0 ? '' : `${path.includes('?') ? '&' : '?'}${query.join('&')}`
  const below = base.pathname.replace(/\/+$/, '')
  const url = new URL(`${base.origin}${below}${path}${own}`)
  const wanted = `${below}${path.split('?')[0] ?? ''}`
  const isMoved = url.pathname.split('/').length !== wanted.split('/').length
  if (url.origin !== base.origin || url.hash !== '' || isMoved) {
    throw unfit('path', 'The path leads out of its place. It can have no "." or ".." between slashes.')
  }
  return url
}

function cookiesOf(parameter: RestParameter, value: unknown): string[] {
  const pairs = cookiePairs(parameter, value)
  const argument = argumentName(parameter)
  if (pairs.some((pair) => /[;\s]/.test(pair))) {
    throw unfit(argument, 'goes into a cookie, so it can have no semicolons and no spaces.')
  }
  return pairs.map((pair) => headerBytes(argument, pair))
}

/** What would end a cookie is escaped; keys of most APIs have nothing of it. */
function cookieValue(secret: string): string {
  return secret.replace(/[;\s"\\%]|[^\x21-\x7e]/g, (character) => percentEncoded(character))
}
