import type { Channel, ChannelSettings } from '../../shared/contract/channels.ts'
import type { DeliveriesStore } from '../store/deliveries-store.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { Adapters } from './adapters.ts'
import type { ChannelSecrets } from './channel-secrets.ts'
import type { RuleBook } from './rule-book.ts'

interface ChannelViewOptions {
  adapters: Adapters
  secrets: ChannelSecrets
  rules: RuleBook
  deliveries: DeliveriesStore
}

/** Channels as the API shows them. */
export class ChannelView {
  readonly #options: ChannelViewOptions

  constructor(options: ChannelViewOptions) {
    this.#options = options
  }

  async of(channel: StoredChannel): Promise<Channel> {
    const [shown] = await this.all([channel])
    if (shown === undefined) throw new Error('A channel was not shown.')
    return shown
  }

  async all(channels: readonly StoredChannel[]): Promise<Channel[]> {
    const waiting = await this.#options.deliveries.waiting(channels.map(({ id }) => id))
    return await Promise.all(channels.map((channel) => this.#shown(channel, waiting.get(channel.id) ?? 0)))
  }

  async #shown(channel: StoredChannel, waiting: number): Promise<Channel> {
    const { secrets, rules } = this.#options
    return {
      id: channel.id,
      name: channel.name,
      enabled: channel.enabled,
      min_severity: channel.minSeverity,
      muted_until: channel.mutedUntil,
      ...channel.settings,
      credentials: secrets.mask(channel),
      destination: await this.#destination(channel.settings),
      health: await this.#health(channel, waiting),
      used_by: rules.usersOf(channel.workspace, channel.id).map(({ id, name }) => ({ id, name })),
      created_at: channel.createdAt,
      updated_at: channel.updatedAt,
    }
  }

  /** What keeps it from sending at all goes before what became of the last notices. */
  async #health(
    { workspace, settings, secrets: rows, health }: StoredChannel,
    waiting: number,
  ): Promise<Channel['health']> {
    const { adapters, secrets } = this.#options
    if (rows.length > 0 && !secrets.isOpen) {
      const message = 'The vault is locked. Unlock it, and what waits is sent.'
      return { ...health, waiting, state: 'locked', last_error: { code: 'vault_locked', message } }
    }
    const unready = await adapters.unready(workspace, settings)
    if (unready === undefined) return { ...health, waiting }
    return { ...health, waiting, state: 'needs_setup', last_error: unready }
  }

  async #destination(settings: ChannelSettings): Promise<string> {
    try {
      return (await this.#options.adapters.of(settings.kind)).destination(settings)
    } catch {
      return settings.kind
    }
  }
}
