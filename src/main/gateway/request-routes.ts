import { isObject } from '../base/is-object.ts'
import { spanOf } from '../base/json-members.ts'
import { withMember } from '../base/json-splice.ts'
import type { Era } from '../upstream/upstream.ts'
import type { RpcError } from './answer.ts'
import type { Message } from './message.ts'
import type { Offering, Owned } from './offering.ts'
import { RPC } from './protocol.ts'
import type { RequestRoute } from './request-route.ts'

/** The endpoint that a request came to. */
interface Target {
  /** Undefined: `/mcp`. */
  slug: string | undefined
  offering: Offering
}

/** Answered by the gateway itself, or with state of its own: none of these may get past that to a server. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'logging/setLevel',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
])
/** Filter and pins hold for whatever is asked about tools. */
const NOT_FORWARDED_BELOW = ['tools/', 'subscriptions/', 'tasks/']

const NOTHING: ReadonlyMap<string, string> = new Map()

/**
 * Where a request goes that one integration is to answer. An error where it asks for what is not there, and undefined when
 * its method is not of this kind.
 */
export function routeOf(target: Target, message: Message, era: Era): RequestRoute | RpcError | undefined {
  switch (message.method) {
    case 'prompts/get':
      return promptRoute(target, message)
    case 'resources/read':
      return resourceRoute(target, message, era)
    case 'completion/complete':
      return completionRoute(target, message, era)
    default:
      return target.slug === undefined ? undefined : passed(target, message.method)
  }
}

/** The way to the resource that `params.uri` names: to read it, or to hear of its changes. */
export function resourceRoute({ offering }: Target, { params }: Message, era: Era): RequestRoute | RpcError {
  const { uri } = params
  if (typeof uri !== 'string') return invalid('"params.uri" must be the URI of a resource.')
  const owned = offering.resource(uri)
  return owned === undefined ? unknownResource(uri, era) : routeTo(owned, 'uri', uri)
}

export function isRoute(found: RequestRoute | RpcError): found is RequestRoute {
  return 'integration' in found
}

function promptRoute({ offering }: Target, { params }: Message): RequestRoute | RpcError {
  const { name } = params
  if (typeof name !== 'string') return invalid('"params.name" must be the name of a prompt.')
  const owned = offering.prompt(name)
  return owned === undefined ? unknownPrompt(name) : routeTo(owned, 'name', name)
}

/** To the owner of the prompt or resource that an argument is for. */
function completionRoute(target: Target, message: Message, era: Era): RequestRoute | RpcError | undefined {
  const { slug, offering } = target
  if (slug !== undefined) return passed(target, message.method)
  const { ref } = message.params
  if (isObject(ref)) {
    const { type, name, uri } = ref
    if (type === 'ref/prompt' && typeof name === 'string') {
      const owned = offering.prompt(name)
      return owned === undefined ? unknownPrompt(name) : withRef(message, owned, 'name', name)
    }
    if (type === 'ref/resource' && typeof uri === 'string') {
      const owned = offering.template(uri)
      return owned === undefined ? unknownResource(uri, era) : withRef(message, owned, 'uri', uri)
    }
  }
  return invalid('"params.ref" must be a "ref/prompt" with a name or a "ref/resource" with a URI.')
}

function passed({ offering }: Target, method: string): RequestRoute | undefined {
  const [integration] = offering.integrations
  if (integration === undefined || NOT_FORWARDED.has(method)) return undefined
  if (NOT_FORWARDED_BELOW.some((start) => method.startsWith(start))) return undefined
  return { integration, replaced: NOTHING, name: undefined }
}

function routeTo({ integration, key }: Owned, member: string, asked: string): RequestRoute {
  const replaced = key === asked ? NOTHING : new Map([[member, JSON.stringify(key)]])
  return { integration, replaced, name: key }
}

function withRef(
  { bytes, paramsSpan }: Message,
  { integration, key }: Owned,
  member: string,
  asked: string,
): RequestRoute {
  const span = key === asked ? undefined : spanOf(bytes, 'ref', paramsSpan?.[0])
  if (span === undefined) return { integration, replaced: NOTHING, name: undefined }
  const ref = withMember(bytes.subarray(span[0], span[1]), member, JSON.stringify(key))
  return { integration, replaced: new Map([['ref', ref.toString()]]), name: undefined }
}

function invalid(message: string): RpcError {
  return { code: RPC.invalidParams, message }
}

function unknownPrompt(name: string): RpcError {
  return { code: RPC.invalidParams, message: `Prompt ${name} not found` }
}

function unknownResource(uri: string, era: Era): RpcError {
  const code = era === 'legacy' ? RPC.resourceNotFound : RPC.invalidParams
  return { code, message: `Resource not found: ${uri}`, data: { uri } }
}
