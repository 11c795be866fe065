import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import type { Endpoint, Endpoints } from './endpoints.ts'
import { Comparison, type KnownLists } from './known-lists.ts'
import type { ResourceWatch } from './resource-watch.ts'
import type { Sessions } from './session.ts'
import type { Subscriptions } from './subscriptions.ts'

/** Who is to hear of changes of the lists at one endpoint. */
export interface Watcher {
  readonly agentId: string
  readonly workspace: string
  /** Undefined: `/mcp`. */
  readonly slug: string | undefined
  /** Asked for in the address; undefined: as the agent's setting says. */
  readonly mode: DiscoveryMode | undefined
  readonly known: KnownLists
  /** Single resources that it hears of as well; those of a session are not its stream's. */
  readonly resources?: ResourceWatch | undefined
}

interface ListChangedOptions {
  endpoints: Endpoints
  sessions: Sessions
  subscriptions: Subscriptions
  coalesceMs: number
}

/**
 * Tells agents that their own lists changed: one notification of each for all changes within a moment, and none when a list
 * came out the same, as it does for those whose profile hides what changed. An upstream that reports a thousand changes a
 * second costs an agent ten notifications.
 */
export class ListChanged {
  readonly #options: ListChangedOptions
  /** The timer of each workspace with a change. */
  readonly #pending = new Map<string, NodeJS.Timeout>()

  constructor(options: ListChangedOptions) {
    this.#options = options
  }

  /** What is served, or what an agent may see of it, changed: agents hear of it shortly. */
  changed(workspace: string): void {
    if (this.#pending.has(workspace)) return
    this.#pending.set(
      workspace,
      setTimeout(() => this.#flush(workspace), this.#options.coalesceMs),
    )
  }

  close(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer)
    this.#pending.clear()
  }

  #flush(workspace: string): void {
    this.#pending.delete(workspace)
    const { endpoints, sessions, subscriptions } = this.#options
    const comparison = new Comparison()
    for (const session of sessions.all()) {
      if (session.workspace !== workspace) continue
      const endpoint = endpoints.ofWatcher(session)
      refresh(session, endpoint)
      session.keepOnly(endpoint?.offering.integrations ?? [])
      // A session with a stream shares what it knows with that.
      if (session.stream === undefined) session.known.later(session.known.changes(endpoint, comparison))
    }
    for (const subscription of subscriptions.all()) {
      if (subscription.workspace !== workspace) continue
      const endpoint = endpoints.ofWatcher(subscription)
      refresh(subscription, endpoint)
      for (const list of subscription.known.changes(endpoint, comparison)) {
        subscription.stream.send(subscription.listChanged(list))
      }
    }
  }
}

/** The integration of a resource may have another upstream by now, or be gone for this agent. */
function refresh({ resources }: Watcher, endpoint: Endpoint | undefined): void {
  resources?.refresh(endpoint?.offering)
}
