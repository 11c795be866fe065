import type { ServerNotification, Upstream } from '../upstream/upstream.ts'
import type { Session } from './legacy-session.ts'

/** Of each kind; the oldest are forgotten first, and then belong to nobody. */
const MOST_OWNED = 10_000
/** Tasks of one agent, and visits that one server asks for: whoever makes very many loses its own and nobody else's. */
const MOST_OF_ONE = 1_000
/** A longer id is not remembered. */
const LONGEST_ID = 1_024

/** A task that an agent has begun. */
export interface OwnedTask {
  /** Id of the agent. */
  agent: string
  /** Id of the upstream. */
  upstream: string
  /** The server's own. */
  id: string
  session: WeakRef<Session> | undefined
}

/** What servers know by an id, and whose it is: tasks, and pages that a person was sent to. Nobody else hears of them. */
export class Owned {
  readonly #tasks = new Map<string, OwnedTask>()
  readonly #visits = new Map<string, { upstream: string; session: WeakRef<Session> }>()

  /** This agent has begun a task. */
  began(agent: string, upstream: string, id: string, session: Session | undefined): void {
    remember(this.#tasks, keyOf(upstream, id), { agent, upstream, id, session: session && new WeakRef(session) })
    forgetOldest(this.#tasks, (task) => task.agent === agent)
  }

  hasTask(agent: string, upstream: string, id: string): boolean {
    return this.#tasks.get(keyOf(upstream, id))?.agent === agent
  }

  /** Newest first. */
  tasksOf(agent: string): OwnedTask[] {
    return [...this.#tasks.values()].filter((task) => task.agent === agent).reverse()
  }

  /** The server has asked the agent of this session to send a person to a page. */
  visits(upstream: string, id: unknown, session: Session): void {
    if (typeof id !== 'string') return
    remember(this.#visits, keyOf(upstream, id), { upstream, session: new WeakRef(session) })
    forgetOldest(this.#visits, (visit) => visit.upstream === upstream)
  }

  /** Tells the session that this is about, on its GET stream. False: it is not about anything of this kind. */
  tell(upstream: Upstream, notification: ServerNotification): boolean {
    const session = this.#sessionOf(upstream.id, notification)
    if (session === null) return false
    for (const principal of session?.deref()?.knownPrincipals() ?? []) {
      if (principal.upstream === upstream) principal.hear(notification)
    }
    return true
  }

  #sessionOf(upstream: string, { method, value }: ServerNotification): WeakRef<Session> | undefined | null {
    switch (method) {
      case 'notifications/elicitation/complete':
        return this.#visits.get(keyOf(upstream, String(value.elicitationId)))?.session
      case 'notifications/tasks/status':
        return this.#tasks.get(keyOf(upstream, String(value.taskId)))?.session
      default:
        return null
    }
  }
}

function keyOf(upstream: string, id: string): string {
  return `${upstream} ${id}`
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (key.length > LONGEST_ID) return
  map.delete(key)
  map.set(key, value)
  const oldest = map.size > MOST_OWNED ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}

/** The oldest of those that count together, where they are too many. */
function forgetOldest<Value>(map: Map<string, Value>, counts: (value: Value) => boolean): void {
  if (map.size <= MOST_OF_ONE) return
  const keys = [...map].flatMap(([key, value]) => (counts(value) ? [key] : []))
  const [oldest] = keys
  if (keys.length > MOST_OF_ONE && oldest !== undefined) map.delete(oldest)
}
