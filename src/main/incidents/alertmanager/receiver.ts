import { hash } from 'node:crypto'
import type { EventInput } from '../../../shared/contract/incidents.ts'
import type { IncidentsStore } from '../../store/incidents-store.ts'
import type { HookIdentity } from '../hook-tokens.ts'
import type { IncidentsService } from '../service.ts'
import type { Told } from '../told.ts'
import { eventsOf, keyPrefixOf } from './alert-events.ts'
import { DownTargets } from './down-targets.ts'
import type { AlertmanagerPayload } from './payload.ts'

interface ReceiverOptions {
  incidents: Pick<IncidentsService, 'tell'>
  store: Pick<IncidentsStore, 'openKeysOf' | 'withKey'>
}

export interface Received {
  /** Alerts that were taken. */
  accepted: number
  /** Sentences for whoever set the Alertmanager up. */
  warnings: string[]
}

const HEX_DIGITS = 32

/** Takes what an Alertmanager sends. Threat: its texts and addresses come from whoever has a token; none is ever fetched. */
export class AlertmanagerReceiver {
  readonly #options: ReceiverOptions
  readonly #down = new DownTargets()

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  /** Resolves when all of it is on the disk. To be sent all of it again does no harm. */
  async receive({ workspace, name, id }: HookIdentity, payload: AlertmanagerPayload): Promise<Received> {
    const { incidents, store } = this.#options
    const firing = payload.alerts.filter(({ status }) => status === 'firing')
    const openKeys = await store.openKeysOf(
      workspace,
      new Map(firing.map(({ fingerprint }) => [fingerprint, keyPrefixOf(fingerprint)])),
    )
    const told = eventsOf(payload, { workspace, toldBy: name, down: this.#down, openKeys })
    const cut = cutNotice(payload, { id, name })
    const isCut = payload.truncatedAlerts > 0
    if (isCut || (await store.withKey(workspace, cut.input.dedupe_key ?? '')) !== undefined) told.push(cut)
    await incidents.tell(workspace, told)
    return { accepted: payload.alerts.length, warnings: isCut ? [cut.input.description] : [] }
  }

  erase(workspace: string): void {
    this.#down.erase(workspace)
  }
}

/**
 * Alerts that `max_alerts` cut off are lost here: they may fire, and their end may never be told. The payload names no address
 * that could be trusted to be asked for them, so a person has to know.
 */
function cutNotice(
  { truncatedAlerts, groupKey, receiver, externalURL }: AlertmanagerPayload,
  token: { id: string; name: string },
): Told {
  const key = hash('sha256', JSON.stringify([token.id, receiver, groupKey])).slice(0, HEX_DIGITS)
  const input: EventInput = {
    type: 'incident',
    severity: 'medium',
    status: truncatedAlerts > 0 ? 'open' : 'resolved',
    title: 'The Alertmanager leaves alerts out of what it sends',
    description:
      truncatedAlerts > 0
        ? `${truncatedAlerts} alerts of a group were cut off: they may fire unseen, and incidents of theirs stay open. ` +
          'Leave max_alerts out of the receiver in the configuration of the Alertmanager, or set it to 0.'
        : 'The whole group was sent.',
    source: 'Alertmanager',
    service: '',
    labels: Object.fromEntries(
      Object.entries({ receiver, group: groupKey, alertmanager: externalURL }).map(([label, value]) => [
        label,
        value.slice(0, 1_000),
      ]),
    ),
    dedupe_key: `alertmanager-cut:${key}`,
    links: [],
  }
  return { input, origin: 'alertmanager', toldBy: token.name }
}
