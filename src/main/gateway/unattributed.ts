import type { ServerNotification, Upstream } from '../upstream/upstream.ts'
import type { Endpoint } from './endpoints.ts'
import type { Session } from './legacy-session.ts'

/**
 * What a server says on a connection that agents share, and that belongs to no call of any of them: for every session that
 * listens and is shown this server. A modern agent hears only of what it asked for.
 */
export function tellSessions(
  sessions: Iterable<Session>,
  endpointOf: (session: Session) => Endpoint | undefined,
  upstream: Upstream,
  notification: ServerNotification,
): void {
  for (const session of sessions) {
    if (session.stream === undefined) continue
    const shown = endpointOf(session)?.offering.integrations
    const integration = shown?.find((candidate) => candidate.upstream === upstream)
    if (integration !== undefined) session.principalOf(integration).hear(notification)
  }
}
