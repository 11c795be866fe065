import type { ServedIntegration } from '../integrations/served-integration.ts'
import type { Principal, UpstreamSession } from '../upstream/upstream.ts'
import type { Endpoint } from './endpoints.ts'
import { notificationParams } from './era-bridge.ts'
import type { Session, SessionPrincipal } from './legacy-session.ts'
import type { Message } from './message.ts'

const ROOTS_CHANGED = 'notifications/roots/list_changed'

/** What a notification of a legacy agent does. Nobody is told whether it did anything. */
export function hear(session: Session, message: Message, endpoint: Endpoint | undefined): void {
  switch (message.method) {
    case 'notifications/initialized':
      return
    case 'notifications/cancelled':
      cancel(session, message)
      return
    case 'notifications/progress':
      session.requests.progressed(message)
      return
    case ROOTS_CHANGED:
      for (const principal of session.knownPrincipals()) void rootsChanged(principal, message)
      return
    default:
      if (endpoint !== undefined) forward(message, endpoint, (integration) => session.principalOf(integration))
  }
}

/**
 * What nobody knows goes to the one server that it can be for. Only what is a notification by its name as well: many servers
 * carry out a request that has no id, so `tools/call` without one would go around the filter and the approvals of tools.
 */
export function forward(
  message: Message,
  { slug, offering }: Endpoint,
  principalOf?: (integration: ServedIntegration) => Principal,
): void {
  const [integration] = offering.integrations
  if (slug === undefined || integration === undefined || !message.method.startsWith('notifications/')) return
  const principal = principalOf?.(integration)
  void integration.upstream.session({ principal }).then((upstream) => tell(upstream, message), ignore)
}

/**
 * A server that has a connection for this agent alone asks for the roots again. On a shared one it would ask nobody in
 * particular, and there they are asked for in each call anyway.
 */
async function rootsChanged(principal: SessionPrincipal, message: Message): Promise<void> {
  const { upstream } = principal
  try {
    const [own, shared] = await Promise.all([upstream.session({ principal }), upstream.session()])
    if (own !== shared) tell(own, message)
  } catch {
    ignore()
  }
}

function tell(upstream: UpstreamSession, message: Message): void {
  void upstream.notify(message.method, notificationParams(message))
}

function ignore(): void {
  // The server can't be reached, and a notification has no answer.
}

function cancel(session: Session, { params: { requestId } }: Message): void {
  if (typeof requestId !== 'string' && typeof requestId !== 'number') return
  for (const call of session.calls) if (JSON.parse(call.id.toString()) === requestId) call.cancel()
}
