import type { ChannelKind, ChannelSettings } from '../../shared/contract/channels.ts'
import { messageOf } from '../base/message-of.ts'
import type { ChannelAdapter } from './channel-adapter.ts'

export type AdapterLoaders = Readonly<Record<ChannelKind, () => Promise<ChannelAdapter>>>

/** PagerDuty keeps one alert for each key; everything else is read by people. */
const GROUPS: Readonly<Record<ChannelKind, boolean>> = { slack: true, pagerduty: false, webhook: true, email: true }

type Unready = ReturnType<ChannelAdapter['unready']>

/** What sends, by kind. Each is loaded when something is first sent or shown there: a gateway at rest has none of it. */
export class Adapters {
  readonly #loaders: AdapterLoaders
  readonly #loaded = new Map<ChannelKind, Promise<ChannelAdapter>>()

  constructor(loaders: AdapterLoaders) {
    this.#loaders = loaders
  }

  of(kind: ChannelKind): Promise<ChannelAdapter> {
    const known = this.#loaded.get(kind)
    if (known !== undefined) return known
    const loading = this.#loaders[kind]()
    this.#loaded.set(kind, loading)
    loading.catch(() => this.#loaded.delete(kind))
    return loading
  }

  /** Whether one message can tell of several incidents: known without loading anything. */
  groups(kind: ChannelKind): boolean {
    return GROUPS[kind]
  }

  /** Why nothing can be sent there at the moment; undefined: it can. Never throws. */
  async unready(workspace: string, settings: ChannelSettings): Promise<Unready> {
    try {
      return (await this.of(settings.kind)).unready(workspace, settings)
    } catch (error) {
      return { code: 'unavailable', message: `Channels of this kind can not be used: ${messageOf(error)}` }
    }
  }

  async close(): Promise<void> {
    for (const loading of this.#loaded.values()) {
      const adapter = await loading.catch(() => undefined)
      await adapter?.close()
    }
  }
}
