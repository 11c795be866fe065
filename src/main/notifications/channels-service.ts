import type {
  Channel,
  ChannelChanges,
  ChannelCredentials,
  ChannelKind,
  ChannelTest,
  Destination,
  MessagePreview,
  NewChannel,
} from '../../shared/contract/channels.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import { refuse } from '../integrations/refuse.ts'
import type { ChannelsStore, StoredChannel } from '../store/channels-store.ts'
import type { SealedRow } from '../store/sealed-rows.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { Adapters } from './adapters.ts'
import type { ChannelBook } from './channel-book.ts'
import {
  changedChannel,
  inUse,
  newChannel,
  refuseTooMany,
  type ChannelDraft,
  type Destinations,
} from './channel-record.ts'
import { ChannelRecovery } from './channel-recovery.ts'
import { changedSettings, channelProblems, refuseOtherPlace } from './channel-rules.ts'
import { secretFieldsOf, type ChannelSecrets } from './channel-secrets.ts'
import type { ChannelTrials } from './channel-trials.ts'
import type { ChannelView } from './channel-view.ts'
import type { Clock } from './clock.ts'
import type { FormerSecrets } from './former-secrets.ts'
import { withPlace } from './key-place.ts'
import type { RulesService } from './rules-service.ts'
import type { Sender } from './sender.ts'
import { healthy } from './settlement.ts'
import { rotated } from './signing-secret.ts'

interface ChannelsServiceOptions {
  store: ChannelsStore
  book: ChannelBook
  view: ChannelView
  secrets: ChannelSecrets
  trials: ChannelTrials
  adapters: Adapters
  rules: () => Pick<RulesService, 'usersOf' | 'without'>
  sender: Pick<Sender, 'wake' | 'resume' | 'forget' | 'reconsider'>
  workspaces: Pick<WorkspacesService, 'require'>
  former: Pick<FormerSecrets, 'look'>
  destinations: Destinations
  /** What waits for a channel has changed. */
  changed: (workspace: string) => void
  emitter: Emitter
  clock: Clock
}

const forever = new AbortController().signal

/** Where notices can go. */
export class ChannelsService {
  readonly #options: ChannelsServiceOptions
  readonly #recovery: ChannelRecovery
  readonly #writes = new KeyedQueue()

  constructor(options: ChannelsServiceOptions) {
    this.#options = options
    this.#recovery = new ChannelRecovery(options)
  }

  async list(workspace: string): Promise<Channel[]> {
    const { workspaces, book, view } = this.#options
    workspaces.require(workspace)
    const channels = book.of(workspace).sort((a, b) => (a.name < b.name ? -1 : 1))
    return await view.all(channels)
  }

  async get(workspace: string, id: string): Promise<Channel> {
    return await this.#options.view.of(this.#require(workspace, id))
  }

  async create(workspace: string, input: NewChannel): Promise<Channel> {
    const { workspaces, store, book, secrets, clock } = this.#options
    workspaces.require(workspace)
    const channel = newChannel(workspace, input, new Date(clock.now()).toISOString())
    const fields = await this.#given(workspace, channel.settings.kind, input.credentials ?? {})
    await this.#check(channel, fields)
    return await this.#writes.run(workspace, async () => {
      refuseTooMany(book.of(workspace))
      await secrets.store(channel, fields, async (rows) => {
        const stored = { ...channel, secrets: rows }
        await store.insert(stored)
        book.keep(stored)
      })
      return await this.#tell(workspace, channel.id)
    })
  }

  async update(workspace: string, id: string, changes: ChannelChanges): Promise<Channel> {
    return await this.#writes.run(id, async () => {
      const before = this.#require(workspace, id)
      const settings = changedSettings(before.settings, changes)
      const { credentials } = changes
      if (credentials === undefined && before.secrets.length > 0) refuseOtherPlace(before.settings, settings)
      const fields = credentials && (await this.#given(workspace, settings.kind, credentials))
      const kept = new Map(before.secrets.map(({ field }) => [field, undefined]))
      await this.#check({ ...before, settings }, fields ?? kept)
      const { store, secrets, book, sender, clock } = this.#options
      const changed = (rows?: SealedRow[]): StoredChannel => ({
        ...changedChannel(this.#require(workspace, id), changes, settings, new Date(clock.now()).toISOString()),
        ...(rows && { secrets: rows }),
      })
      if (fields === undefined) {
        await store.update(changed(), false)
        book.keep(changed())
      } else {
        await secrets.store(before, fields, async (rows) => {
          await store.update(changed(rows), true)
          book.keep(changed(rows))
        })
      }
      // Somebody mended it, perhaps.
      if (settings !== before.settings || fields !== undefined) await this.#recovery.retryNow(id)
      else sender.wake(id)
      if (changes.muted_until !== undefined) await sender.reconsider(workspace)
      return await this.#tell(workspace, id)
    })
  }

  /** Throws `in_use` with the rules that send there, unless they are to go without it. What waits for it is withdrawn. */
  async remove(workspace: string, id: string, { leaveRules }: { leaveRules: boolean }): Promise<void> {
    const { store, book, sender, rules, changed, emitter } = this.#options
    await this.#writes.run(id, async () => {
      const { name } = this.#require(workspace, id)
      const users = rules().usersOf(workspace, id)
      if (users.length > 0 && !leaveRules) throw inUse(name, users)
      await rules().without(workspace, id, async (left) => {
        const without = left.map((rule) => ({ id: rule.id, channels: rule.channels, updatedAt: rule.updated_at }))
        await store.delete(id, without, 'its channel was deleted')
        book.forget(id)
        sender.forget(id)
      })
      emitter.emit(workspace, { type: 'channel_removed', id })
      changed(workspace)
    })
  }

  async test(workspace: string, id: string, signal: AbortSignal = forever): Promise<ChannelTest> {
    const { trials, book, changed, clock } = this.#options
    const test = await trials.test(this.#require(workspace, id), signal)
    changed(workspace)
    const channel = book.find(id)
    if (!test.ok || channel === undefined) return test
    await this.#recovery.setHealth(id, healthy(channel.health, clock.now()))
    await this.#recovery.retryNow(id)
    await this.tell(channel)
    return test
  }

  async testDraft(
    workspace: string,
    { id, channel }: ChannelDraft,
    signal: AbortSignal = forever,
  ): Promise<ChannelTest> {
    this.#options.workspaces.require(workspace)
    const stored = id === undefined ? undefined : this.#require(workspace, id)
    return await this.#options.trials.testDraft(workspace, channel, stored, signal)
  }

  async preview(workspace: string, { channel }: ChannelDraft): Promise<MessagePreview> {
    this.#options.workspaces.require(workspace)
    return await this.#options.trials.preview(workspace, channel)
  }

  /** A failing one is tried again now. */
  async resume(workspace: string, id: string): Promise<Channel> {
    const { health } = this.#require(workspace, id)
    await this.#recovery.setHealth(id, { ...health, retry_at: null })
    await this.#recovery.retryNow(id)
    return await this.#tell(workspace, id)
  }

  /** For a day the former secret signs beside the new one. */
  async rotateSecret(workspace: string, id: string): Promise<{ channel: Channel; secret: string }> {
    return await this.#writes.run(id, async () => {
      const { secrets, store, book, clock } = this.#options
      const channel = this.#require(workspace, id)
      const { secret, fields } = rotated(secrets, channel)
      await secrets.store(channel, fields, async (rows) => {
        const updatedAt = new Date(clock.now()).toISOString()
        const changed = { ...this.#require(workspace, id), secrets: rows, updatedAt }
        await store.update(changed, true)
        book.keep(changed)
      })
      this.#options.former.look()
      return { channel: await this.#tell(workspace, id), secret }
    })
  }

  async destinations(
    workspace: string,
    wanted: { kind: 'slack'; query: string; fresh: boolean },
    signal: AbortSignal = forever,
  ): Promise<{ items: Destination[]; complete: boolean }> {
    this.#options.workspaces.require(workspace)
    return await this.#options.destinations(workspace, wanted, signal)
  }

  /** Its state is another, told to who looks. */
  async tell(channel: StoredChannel): Promise<void> {
    if (this.#options.book.find(channel.id) !== undefined) await this.#tell(channel.workspace, channel.id)
  }

  async eraseOf(workspace: string): Promise<void> {
    const { store, book, sender } = this.#options
    await store.eraseOf(workspace)
    for (const { id } of book.of(workspace)) {
      book.forget(id)
      sender.forget(id)
    }
  }

  async close(): Promise<void> {
    await this.#writes.idle()
  }

  async #given(workspace: string, kind: ChannelKind, credentials: ChannelCredentials): Promise<Map<string, string>> {
    return withPlace(secretFieldsOf(credentials), await this.#options.adapters.of(kind), workspace)
  }

  async #check({ settings }: StoredChannel, fields: ReadonlyMap<string, string | undefined>): Promise<void> {
    refuse(channelProblems(settings, fields))
    const adapter = await this.#options.adapters.of(settings.kind)
    adapter.check?.(settings)
  }

  async #tell(workspace: string, id: string): Promise<Channel> {
    const channel = await this.#options.view.of(this.#require(workspace, id))
    this.#options.emitter.emit(workspace, { type: 'channel_changed', channel })
    return channel
  }

  #require(workspace: string, id: string): StoredChannel {
    const channel = this.#options.book.find(id)
    if (channel?.workspace === workspace) return channel
    throw new AppError('not_found', { message: 'There is no such channel in this workspace.' })
  }
}
