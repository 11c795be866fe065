import type { Severity } from '../../shared/contract/incidents.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import { titleOf, type StoredDelivery } from '../store/delivery-rows.ts'
import { worse } from '../base/severity-order.ts'

/** Nobody has tried to send it, and it waits for nothing. */
export const UNTRIED = {
  groupKey: null,
  notBefore: null,
  attempts: 0,
  nextAttemptAt: null,
  giveUpAt: null,
  deliveredAt: null,
  latencyMs: null,
  lastError: null,
  preview: null,
} as const satisfies Partial<StoredDelivery>

export function addressedTo({ id, workspace, name, settings }: StoredChannel) {
  return { workspace, channelId: id, channelName: name, channelKind: settings.kind }
}

/** It tells of one more: as its title says, and with the worst severity of them. */
export function countOneMore(delivery: StoredDelivery, severity: Severity): void {
  delivery.eventCount++
  delivery.severity = worse(delivery.severity, severity)
  delivery.title = titleOf(delivery.title.replace(/ and [\d,]+ more$/, ''), delivery.eventCount)
}
