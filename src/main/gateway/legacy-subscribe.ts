import { offersSubscriptions } from '../upstream/capabilities.ts'
import { methodNotFound, type RpcError } from './answer.ts'
import type { Endpoint } from './endpoints.ts'
import type { Session } from './legacy-session.ts'
import type { Message } from './message.ts'
import { RPC } from './protocol.ts'
import { isRoute, resourceRoute } from './request-routes.ts'
import { LONGEST_WATCHED, MOST_WATCHED } from './resource-watch.ts'

/**
 * `resources/subscribe` of a legacy session: from now on it hears of changes of this resource, however its server tells of
 * them. Undefined when that is so, else the error.
 */
export function subscribe(session: Session, endpoint: Endpoint, message: Message): RpcError | undefined {
  const { uri } = message.params
  if (typeof uri === 'string' && uri.length > LONGEST_WATCHED) {
    const message = `A URI that is subscribed to has at most ${LONGEST_WATCHED} characters.`
    return { code: RPC.invalidParams, message }
  }
  const route = resourceRoute(endpoint, message, 'legacy')
  if (!isRoute(route)) return route
  const { integration, name: key } = route
  if (!offersSubscriptions(integration.upstream.offer.capabilities)) return methodNotFound(message.method)
  if (key === undefined || session.watch.add(String(message.params.uri), { integration, key })) return undefined
  const text = `A session can be subscribed to ${MOST_WATCHED} resources at a time.`
  return { code: RPC.invalidRequest, message: text }
}

/** `resources/unsubscribe`: also of what was never subscribed to, or is gone. */
export function unsubscribe(session: Session, { params }: Message): RpcError | undefined {
  if (typeof params.uri !== 'string') {
    return { code: RPC.invalidParams, message: '"params.uri" must be the URI of a resource.' }
  }
  session.resources?.delete(params.uri)
  return undefined
}
