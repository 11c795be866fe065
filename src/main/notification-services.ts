import type { ApiServices } from './api/services.ts'
import type { Emitter } from './base/emitter.ts'
import type { Logger } from './base/log.ts'
import { News } from './base/news.ts'
import { shippedAdapters, slackDestinations } from './channel-adapters.ts'
import { idsAfter } from './incidents/ids-after.ts'
import type { DeliveryPlanner } from './incidents/happening.ts'
import { Adapters, type AdapterLoaders } from './notifications/adapters.ts'
import { ChannelBook } from './notifications/channel-book.ts'
import { ChannelSecrets } from './notifications/channel-secrets.ts'
import { ChannelTrials } from './notifications/channel-trials.ts'
import { ChannelView } from './notifications/channel-view.ts'
import { ChannelsService } from './notifications/channels-service.ts'
import { webhookEndpoints } from './notifications/webhook-endpoints.ts'
import { systemClock, type Clock } from './notifications/clock.ts'
import { FormerSecrets } from './notifications/former-secrets.ts'
import { DeliveriesService } from './notifications/deliveries-service.ts'
import { Holds } from './notifications/holds.ts'
import type { LinkTo } from './notifications/outgoing.ts'
import { Planner } from './notifications/planner.ts'
import { Repeats } from './notifications/repeats.ts'
import { RuleBook } from './notifications/rule-book.ts'
import { RulePreview } from './notifications/rule-preview.ts'
import { RulesService } from './notifications/rules-service.ts'
import { Sender } from './notifications/sender.ts'
import type { Database } from './store/database.ts'
import { ChannelsStore } from './store/channels-store.ts'
import { DeliveriesStore } from './store/deliveries-store.ts'
import { DueStore } from './store/due-store.ts'
import { NoticeStore } from './store/notice-store.ts'
import { OutboxStore } from './store/outbox-store.ts'
import { PlanStore } from './store/plan-store.ts'
import { RulesStore } from './store/rules-store.ts'
import type { SystemAccess } from './system/system-adapter.ts'
import type { WebhookEndpoint } from './system/webhooks/webhook-endpoints.ts'
import type { Vault } from './vault/vault.ts'
import type { WorkspacesService } from './workspaces/service.ts'

interface NotificationServicesOptions {
  database: Database
  vault: Vault
  workspaces: Pick<WorkspacesService, 'require'>
  /** A system integration of a workspace that is set up and not disabled. */
  access: (workspace: string, name: string) => SystemAccess | undefined
  /** Where the gateway listens: nothing is sent there. */
  listening: () => { host: string; port: number } | undefined
  linkTo: LinkTo
  emitter: Emitter
  log: Logger
  /** Default: what ships. */
  loaders?: AdapterLoaders
  clock?: Clock
  random?: () => number
}

export interface NotificationServices extends Pick<ApiServices, 'channels' | 'rules' | 'deliveries'> {
  planner: DeliveryPlanner
  /** Begins to send: when the integrations are there. */
  start(): Promise<void>
  /** Names of the channels that send by a system integration; webhook channels do without one. */
  channelsOf(workspace: string, integration: string): string[]
  /** Webhook channels, for agents that send to them. */
  webhooks(workspace: string): WebhookEndpoint[]
  /** How many deliveries there are in each state that any is in. */
  deliveryStates(workspace: string): Promise<Readonly<Record<string, number>>>
  eraseOf(workspace: string): Promise<void>
  close(): Promise<void>
}

/** The part of the composition root that is about rules, channels and the outbox. */
export async function notificationServices(options: NotificationServicesOptions): Promise<NotificationServices> {
  const { database, vault, workspaces, linkTo, emitter, log, clock = systemClock, random = Math.random } = options
  const stores = {
    channels: new ChannelsStore(database),
    rules: new RulesStore(database),
    deliveries: new DeliveriesStore(database),
    notices: new NoticeStore(database),
    outbox: new OutboxStore(database),
    due: new DueStore(database),
  }
  const ids = idsAfter(await stores.deliveries.lastId(), () => clock.now())
  const nextId = () => ids.next()
  const adapters = new Adapters(options.loaders ?? shippedAdapters(options))
  const groups = (kind: Parameters<Adapters['groups']>[0]) => adapters.groups(kind)
  const secrets = new ChannelSecrets(vault, log, () => clock.now())
  const [channelBook, ruleBook] = [new ChannelBook(), new RuleBook()]
  const news = new News({
    tell: async (workspace, ids) => {
      emitter.emit(workspace, { type: 'deliveries_changed', ids, counts: await stores.deliveries.counts(workspace) })
    },
    failed: (error) => log.warn({ error }, 'changes of deliveries could not be told'),
  })
  const repeats = new Repeats({ store: stores.due, rules: ruleBook, channels: channelBook, groups, nextId })
  const sender = new Sender({
    adapters,
    notices: stores.notices,
    outbox: stores.outbox,
    due: stores.due,
    channels: channelBook,
    repeats,
    holds: new Holds({ rules: ruleBook, channels: channelBook, clock }),
    secrets,
    linkTo,
    clock,
    random,
    nextId,
    changed: ({ workspace, id }) => news.changed(workspace, [id]),
    healthChanged: (channel) => void channels.tell(channel),
    log,
  })
  const former = new FormerSecrets({ store: stores.channels, book: channelBook, secrets, clock, log })
  const destinations = slackDestinations(options)
  const channels: ChannelsService = new ChannelsService({
    store: stores.channels,
    book: channelBook,
    view: new ChannelView({ adapters, secrets, rules: ruleBook, deliveries: stores.deliveries }),
    secrets,
    trials: new ChannelTrials({ adapters, secrets, outbox: stores.outbox, linkTo, nextId, clock, log }),
    adapters,
    rules: () => rules,
    sender,
    workspaces,
    former,
    destinations: destinations.list,
    changed: (workspace) => news.changed(workspace, []),
    emitter,
    clock,
  })
  const rules: RulesService = new RulesService({
    store: stores.rules,
    book: ruleBook,
    channels: channelBook,
    channelsService: channels,
    preview: new RulePreview({ notices: stores.notices, adapters, secrets, linkTo, nextId, log }),
    workspaces,
    sender,
    nextId,
    emitter,
    clock,
  })
  const deliveries = new DeliveriesService({
    store: stores.deliveries,
    outbox: stores.outbox,
    notices: stores.notices,
    channels: channelBook,
    adapters,
    secrets,
    sender,
    workspaces,
    changed: (workspace, changed) => news.changed(workspace, changed),
    linkTo,
    nextId,
    clock,
    log,
  })
  const planner = new Planner({
    store: new PlanStore(),
    rules: ruleBook,
    channels: channelBook,
    groups,
    nextId,
    checkClock: () => sender.checkClock(),
    planned: (workspace, planned) => {
      for (const id of new Set(planned.map(({ channelId }) => channelId))) sender.wake(id)
      if (planned.some(({ state }) => state === 'waiting')) sender.lookForDue()
      const changed = planned.map(({ id }) => id)
      news.changed(workspace, changed)
    },
  })

  await channelBook.load(stores.channels)
  await ruleBook.load(stores.rules, ({ name, problem }) => {
    log.warn({ rule: name, problem }, 'a rule that is stored can not be used as it is')
  })
  vault.whenReplaced((rows) => channelBook.replaceSecrets(rows))
  vault.whenOpened(() => {
    sender.wakeAll()
    former.look()
  })
  return {
    channels,
    rules,
    deliveries,
    planner,
    start: async () => {
      former.look()
      await sender.start()
    },
    channelsOf: (workspace, integration) =>
      channelBook
        .of(workspace)
        .filter(({ settings }) => settings.kind === integration)
        .map(({ name }) => name),
    webhooks: (workspace) => webhookEndpoints(channelBook.of(workspace), secrets, clock.now()),
    deliveryStates: (workspace) => stores.deliveries.byState(workspace),
    eraseOf: async (workspace) => {
      await rules.eraseOf(workspace)
      await channels.eraseOf(workspace)
    },
    close: async () => {
      await sender.close()
      await Promise.all([channels.close(), rules.close(), former.close()])
      await destinations.close()
      news.close()
      await adapters.close()
    },
  }
}
