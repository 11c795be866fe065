import { isObject } from '../base/is-object.ts'
import { offersSubscriptions } from '../upstream/capabilities.ts'
import { resultAnswer, rpcErrorAnswer } from './answer.ts'
import { capabilitiesOf, watchedLists } from './capabilities.ts'
import type { Endpoint } from './endpoints.ts'
import type { AgentRequest, EventStream, Reply } from './exchange.ts'
import { KnownLists, type WatchedList } from './known-lists.ts'
import type { GatewayLimits } from './limits.ts'
import type { Message } from './message.ts'
import { META, RPC } from './protocol.ts'
import { LONGEST_WATCHED, MOST_WATCHED, ResourceWatch } from './resource-watch.ts'
import type { Subscriptions } from './subscriptions.ts'

interface ListenParts {
  subscriptions: Subscriptions
  limits: Pick<GatewayLimits, 'coalesceMs'>
}

/**
 * `subscriptions/listen` of 2026-07-28: a stream on which an agent hears of changes. The acknowledgement comes first and names
 * what will be sent: of what was asked for that which is declared, and of the resources those that somebody tells of.
 */
export function listen(
  { subscriptions, limits }: ListenParts,
  { agent, mode }: AgentRequest,
  reply: Reply,
  endpoint: Endpoint,
  { id, params }: Message,
): void {
  const { notifications } = params
  const fault = isObject(notifications) ? faultOf(notifications) : '"params.notifications" must be an object.'
  if (!isObject(notifications) || fault !== undefined) {
    reply.json(200, rpcErrorAnswer(id, { code: RPC.invalidParams, message: fault ?? '' }))
    return
  }
  if (!subscriptions.hasRoom(agent.id)) {
    const error = { code: RPC.invalidRequest, message: 'Too many notification streams are open.' }
    reply.json(429, rpcErrorAnswer(id, error), { 'Retry-After': '5' })
    return
  }
  const declared = watchedLists(capabilitiesOf(endpoint, 'modern'))
  const lists = declared.filter((list) => notifications[`${list}ListChanged`] === true)
  const subscriptionId = id.toString()
  const stream: { open?: EventStream } = {}
  const resources = new ResourceWatch({ stream: () => stream.open, coalesceMs: limits.coalesceMs, subscriptionId })
  const uris = watchAll(resources, endpoint, (notifications.resourceSubscriptions ?? []) as readonly string[])
  const honored = {
    ...Object.fromEntries(lists.map((list) => [`${list}ListChanged`, true])),
    ...(uris.length > 0 && { resourceSubscriptions: uris }),
  }
  const meta = `"_meta":{"${META.subscriptionId}":${subscriptionId}}`
  const notification = (method: string, more = ''): Buffer =>
    Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${method}","params":{${meta}${more}}}`)
  const opened = (stream.open = reply.stream())
  opened.send(notification('subscriptions/acknowledged', `,"notifications":${JSON.stringify(honored)}`))
  subscriptions.open({
    agentId: agent.id,
    workspace: agent.workspace,
    slug: endpoint.slug,
    mode,
    known: new KnownLists(lists, endpoint),
    resources,
    stream: opened,
    listChanged: (list: WatchedList) => notification(`${list}/list_changed`),
    farewell: Buffer.concat(resultAnswer(id, [Buffer.from(`{"resultType":"complete",${meta}}`)])),
  })
}

function faultOf({ resourceSubscriptions: uris = [] }: Record<string, unknown>): string | undefined {
  if (!Array.isArray(uris) || uris.some((uri) => typeof uri !== 'string')) {
    return '"params.notifications.resourceSubscriptions" must be an array of URIs.'
  }
  if (uris.some((uri: string) => uri.length > LONGEST_WATCHED)) {
    return `A URI that is subscribed to has at most ${LONGEST_WATCHED} characters.`
  }
  return uris.length > MOST_WATCHED ? `At most ${MOST_WATCHED} resources can be subscribed to at a time.` : undefined
}

/** Those of the resources that will be told of. */
function watchAll(watch: ResourceWatch, { offering }: Endpoint, uris: readonly string[]): string[] {
  return uris.filter((uri) => {
    const owned = offering.resource(uri)
    if (owned === undefined || !offersSubscriptions(owned.integration.upstream.offer.capabilities)) return false
    return watch.add(uri, owned)
  })
}
