import type { Incident } from '../../shared/contract/incidents.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { NoticeFacts } from '../store/notice-store.ts'
import type { Outgoing, Reference } from './channel-adapter.ts'
import { secretHeadersOf, type ChannelSecrets } from './channel-secrets.ts'
import { worse } from '../base/severity-order.ts'

/** Incidents that a notice has with it; the others are counted. */
export const MOST_INCIDENTS = 20

/** Where an incident, or without an id the list of them, can be seen; null: nowhere. */
export type LinkTo = (workspace: string, incidentId?: string) => string | null

interface OutgoingParts {
  delivery: StoredDelivery
  channel: StoredChannel
  facts: NoticeFacts & { event: NonNullable<NoticeFacts['event']> }
  secrets: ChannelSecrets
  linkTo: LinkTo
}

export function outgoingOf({ delivery, channel, facts, secrets, linkTo }: OutgoingParts): Outgoing {
  const { incidents, event } = facts
  const [first] = incidents
  const several = delivery.action === 'open' || delivery.action === 'notice' ? delivery.eventCount : 0
  const all = Math.max(several, delivery.incidentIds.length)
  return {
    notice: {
      id: delivery.id,
      action: delivery.action,
      workspace: delivery.workspace,
      isTest: delivery.action === 'test',
      title: delivery.title,
      severity: severityOf(delivery, incidents),
      incidents,
      more: incidents.length === 0 ? 0 : all - incidents.length,
      event,
      rules: delivery.rules.map(({ name }) => name),
      url: linkTo(delivery.workspace, all === 1 ? first?.id : undefined),
    },
    settings: channel.settings,
    secret: (field) => secrets.read(channel, field),
    secretHeaders: secretHeadersOf(channel.secrets.map(({ field }) => field)),
    references: new Map([...facts.references].map(([id, text]) => [id, JSON.parse(text) as Reference])),
    attempt: delivery.attempts,
    createdAt: delivery.createdAt,
  }
}

/** One incident speaks for itself; of several the delivery knows the worst, also of those that it does not name. */
function severityOf(delivery: StoredDelivery, incidents: readonly Incident[]): Incident['severity'] {
  const [only, ...others] = incidents
  if (only === undefined || others.length > 0) {
    return incidents.reduce((worst, { severity }) => worse(worst, severity), delivery.severity)
  }
  return only.severity
}
