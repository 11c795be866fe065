import type { Delivery, DeliveryCounts, DeliveryDetail, DeliveryFilter } from '../../shared/contract/deliveries.ts'
import type { MessagePreview } from '../../shared/contract/channels.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { cursorOf, readIdCursor } from '../records/cursor.ts'
import type { DeliveriesStore } from '../store/deliveries-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { ResolvedIncident } from '../store/incident-rows.ts'
import type { NoticeStore } from '../store/notice-store.ts'
import type { OutboxStore } from '../store/outbox-store.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { Adapters } from './adapters.ts'
import { previewOf } from './attempt.ts'
import type { ChannelBook } from './channel-book.ts'
import type { ChannelSecrets } from './channel-secrets.ts'
import type { Clock } from './clock.ts'
import { UNTRIED } from './new-delivery.ts'
import { MOST_INCIDENTS, outgoingOf, type LinkTo } from './outgoing.ts'
import type { Sender } from './sender.ts'

interface DeliveriesServiceOptions {
  store: DeliveriesStore
  outbox: OutboxStore
  notices: NoticeStore
  channels: ChannelBook
  adapters: Adapters
  secrets: ChannelSecrets
  sender: Pick<Sender, 'wake'>
  workspaces: Pick<WorkspacesService, 'require'>
  changed: (workspace: string, ids: readonly string[]) => void
  linkTo: LinkTo
  nextId: () => string
  clock: Clock
  log: Logger
}

interface PageWanted {
  limit: number
  cursor?: string | undefined
}

const CURSOR = /^[0-9a-z]{1,64}$/

/** The delivery log. */
export class DeliveriesService {
  readonly #options: DeliveriesServiceOptions

  constructor(options: DeliveriesServiceOptions) {
    this.#options = options
  }

  async list(
    workspace: string,
    filter: DeliveryFilter,
    { limit, cursor }: PageWanted,
  ): Promise<{ items: Delivery[]; next_cursor: string | null; counts: DeliveryCounts }> {
    const { workspaces, store } = this.#options
    workspaces.require(workspace)
    const items = (await store.list(workspace, filter, { limit, ...readIdCursor(cursor, CURSOR) })).map(shown)
    return { items, next_cursor: cursorOf(items, limit), counts: await store.counts(workspace) }
  }

  async get(workspace: string, id: string): Promise<DeliveryDetail> {
    const delivery = await this.#require(workspace, id)
    const log = await this.#options.store.attempts(id)
    return { ...shown(delivery), preview: delivery.preview ?? (await this.#preview(delivery)), log }
  }

  /** Another delivery of the same, with an id of its own: who gets it is meant to see it again. */
  async resend(workspace: string, id: string): Promise<Delivery> {
    const { outbox, channels, sender, changed, nextId, clock } = this.#options
    const former = await this.#require(workspace, id)
    if (former.state !== 'failed' && former.state !== 'delivered') {
      const message = `It is ${former.state}: only what was given up or delivered can be sent again.`
      throw new AppError('in_use', { message })
    }
    const channel = channels.find(former.channelId)
    if (channel === undefined) throw channelGone(former)
    if (former.action === 'test') {
      throw new AppError('invalid_input', { message: 'This was a test. Test the channel again instead.' })
    }
    const again: StoredDelivery = {
      ...former,
      ...UNTRIED,
      id: nextId(),
      createdAt: new Date(clock.now()).toISOString(),
      channelName: channel.name,
      state: 'pending',
      because: `a person sent ${former.id} again`,
    }
    const added = await outbox.insertAgain(again, former, (resolved) => this.#endOf(former, again, resolved))
    if (added === undefined) throw channelGone(former)
    changed(workspace, [former.id, ...added.map(({ id: its }) => its)])
    sender.wake(channel.id)
    return shown(again)
  }

  /** When an opening never arrived, nothing was told of its end either: it follows, or what it opens stays open for ever. */
  #endOf(
    former: StoredDelivery,
    again: StoredDelivery,
    resolved: readonly ResolvedIncident[],
  ): StoredDelivery | undefined {
    if (former.action !== 'open' || former.state !== 'failed') return undefined
    const [eventId] = resolved
      .map((incident) => incident.lastEventId)
      .sort()
      .reverse()
    if (eventId === undefined) return undefined
    const because = `${again.id} opens what is resolved by now`
    const incidentIds = resolved.map(({ id }) => id)
    const id = this.#options.nextId()
    return { ...again, id, action: 'resolve', incidentIds, eventIds: [eventId], eventCount: 1, because }
  }

  /** Of one that was not sent yet: as it would be now. */
  async #preview(delivery: StoredDelivery): Promise<MessagePreview | null> {
    const { channels, adapters, notices, secrets, linkTo, log } = this.#options
    const channel = channels.find(delivery.channelId)
    const { event, ...facts } = await notices.factsOf(delivery, MOST_INCIDENTS)
    if (channel === undefined || event === undefined) return null
    try {
      const adapter = await adapters.of(channel.settings.kind)
      return await previewOf(
        adapter,
        outgoingOf({ delivery, channel, facts: { ...facts, event }, secrets, linkTo }),
        log,
      )
    } catch {
      return null
    }
  }

  async #require(workspace: string, id: string): Promise<StoredDelivery> {
    this.#options.workspaces.require(workspace)
    const delivery = await this.#options.store.find(workspace, id)
    if (delivery !== undefined) return delivery
    throw new AppError('not_found', { message: 'There is no such delivery in this workspace.' })
  }
}

function channelGone({ channelName }: StoredDelivery): AppError {
  const message = `The channel ${channelName} was deleted, so nothing can be sent there any more.`
  return new AppError('not_found', { message })
}

function shown(delivery: StoredDelivery): Delivery {
  return {
    id: delivery.id,
    created_at: delivery.createdAt,
    channel_id: delivery.channelId,
    channel_name: delivery.channelName,
    channel_kind: delivery.channelKind,
    action: delivery.action,
    state: delivery.state,
    title: delivery.title,
    severity: delivery.severity,
    rules: delivery.rules,
    incident_ids: delivery.incidentIds,
    event_count: delivery.eventCount,
    because: reasonOf(delivery),
    attempts: delivery.attempts,
    // Of one that waits the time at which it is let go.
    next_attempt_at: delivery.nextAttemptAt ?? delivery.notBefore,
    delivered_at: delivery.deliveredAt,
    latency_ms: delivery.latencyMs,
    last_error: delivery.lastError,
  }
}

function reasonOf({ state, because, attempts, lastError }: StoredDelivery): string {
  const times = attempts === 1 ? 'one attempt' : `${attempts} attempts`
  if (state === 'failed') return `given up after ${times}: ${lastError?.message ?? 'it did not get through'}`
  if (state === 'retrying') return `${times} did not get through: ${lastError?.message ?? ''}`
  return because
}
