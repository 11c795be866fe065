import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import type { Catalogs } from './catalogs.ts'
import { listOf } from './own-tools.ts'
import type { Sessions } from './session.ts'
import type { Subscriptions } from './subscriptions.ts'

/** The list that an agent was last given or told of; undefined: its endpoint was not there. */
export interface KnownList {
  list: Buffer | undefined
}

/** Who is to hear of changes of one list. */
export interface Watcher {
  readonly agentId: string
  readonly workspace: string
  /** The endpoint whose list it is about; undefined: `/mcp`. */
  readonly slug: string | undefined
  /** Asked for in the address; undefined: as the agent's setting says. */
  readonly mode: DiscoveryMode | undefined
  readonly known: KnownList
}

interface ListChangedOptions {
  catalogs: Catalogs
  sessions: Sessions
  subscriptions: Subscriptions
  /** The agent as it is now; undefined: it was removed. */
  agentOf: (agentId: string) => AgentIdentity | undefined
  coalesceMs: number
}

/**
 * Tells agents that their own list changed: one notification for all changes within a moment, and none when the list came
 * out the same, as it does for those whose profile hides what changed. An upstream that reports a thousand changes a second
 * costs an agent ten notifications.
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
    const { sessions, subscriptions } = this.#options
    const sameList = new Comparison()
    const hasChanged = (watcher: Watcher): boolean => {
      if (watcher.workspace !== workspace) return false
      const { known } = watcher
      const list = this.#listOf(watcher)
      const changed = !sameList.of(known.list, list)
      // The same bytes may stand in another buffer by now, and the former one must not be kept.
      known.list = list
      return changed
    }
    // A session with a stream shares what it knows with that.
    for (const session of sessions.all()) {
      if (session.stream === undefined && hasChanged(session)) session.listChanged = true
    }
    subscriptions.notify(hasChanged)
  }

  #listOf({ agentId, workspace, slug, mode }: Watcher): Buffer | undefined {
    const agent = this.#options.agentOf(agentId)
    if (agent === undefined) return undefined
    const catalog = this.#options.catalogs.of(workspace, agent.profile)
    const view = slug === undefined ? catalog.all : catalog.of(slug)
    return view && listOf(view, slug, mode ?? agent.discoveryMode)
  }
}

/** Compares each pair of long lists once, however many agents have it. */
class Comparison {
  readonly #known = new Map<Buffer, Map<Buffer, boolean>>()

  of(one: Buffer | undefined, other: Buffer | undefined): boolean {
    if (one === other) return true
    if (one === undefined || other === undefined) return false
    let known = this.#known.get(one)
    if (known === undefined) this.#known.set(one, (known = new Map<Buffer, boolean>()))
    let same = known.get(other)
    if (same === undefined) known.set(other, (same = one.equals(other)))
    return same
  }
}
