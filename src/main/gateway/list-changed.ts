import type { Catalog, View } from './catalog.ts'
import type { Catalogs } from './catalogs.ts'
import type { Sessions } from './session.ts'
import type { Subscriptions } from './subscriptions.ts'

/**
 * Tells agents that their list changed: one notification for all changes within a moment, and none when the list came
 * out the same. An upstream that reports a thousand changes a second costs an agent ten notifications.
 */
export class ListChanged {
  readonly #catalogs: Catalogs
  readonly #sessions: Sessions
  readonly #subscriptions: Subscriptions
  readonly #coalesceMs: number
  /** For each workspace with a change: what agents have seen, and the timer that will compare it. */
  readonly #pending = new Map<string, { seen: Catalog | undefined; timer: NodeJS.Timeout }>()

  constructor(catalogs: Catalogs, sessions: Sessions, subscriptions: Subscriptions, coalesceMs: number) {
    this.#catalogs = catalogs
    this.#sessions = sessions
    this.#subscriptions = subscriptions
    this.#coalesceMs = coalesceMs
  }

  /** The next list is built from what is served now; agents hear of it shortly. */
  invalidate(workspace: string): void {
    const seen = this.#catalogs.invalidate(workspace)
    if (this.#pending.has(workspace)) return
    const timer = setTimeout(() => this.#flush(workspace), this.#coalesceMs)
    this.#pending.set(workspace, { seen, timer })
  }

  close(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer)
    this.#pending.clear()
  }

  #flush(workspace: string): void {
    const seen = this.#pending.get(workspace)?.seen
    this.#pending.delete(workspace)
    // Without a catalog nobody has asked for a list, so there is nothing that could have changed for anyone.
    if (seen === undefined) return
    const current = this.#catalogs.of(workspace)
    const known = new Map<string | undefined, boolean>()
    const hasChanged = (slug: string | undefined): boolean => {
      let changed = known.get(slug)
      if (changed === undefined) known.set(slug, (changed = !sameTools(viewOf(seen, slug), viewOf(current, slug))))
      return changed
    }
    for (const session of this.#sessions.all()) {
      if (session.agent.workspace !== workspace || session.stream !== undefined) continue
      if (hasChanged(session.slug)) session.listChanged = true
    }
    this.#subscriptions.notify(workspace, hasChanged)
  }
}

function viewOf(catalog: Catalog, slug: string | undefined): View | undefined {
  return slug === undefined ? catalog.all : catalog.of(slug)
}

function sameTools(one: View | undefined, other: View | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return one.tools.equals(other.tools)
}
