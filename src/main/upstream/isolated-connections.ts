import { AppError } from '../base/app-error.ts'
import type { CancelSignal } from '../base/cancellation.ts'
import { ConnectionWishes } from './connection-wishes.ts'
import { ConnectionBudget } from './connection-budget.ts'
import { connectionStopped, stillConnecting } from './connection-errors.ts'
import { IsolatedConnection, type IsolatedConnectionOptions } from './isolated-connection.ts'
import { waitFor } from './outcome.ts'
import type { ToolList } from './tool-list.ts'
import type { Principal, UpstreamSession } from './upstream.ts'

export interface IsolatedConnectionsOptions extends IsolatedConnectionOptions {
  slug: string
  /** Of the whole gateway. */
  budget: ConnectionBudget
}

/** How often within the idle time it is looked whether one is over. */
const CHECKS = 10
/** Until a connection that was lost is made again for those who only watch a resource. */
const WATCH_AGAIN_MS = 5_000

/**
 * The connections of one upstream that agents do not share: one for each `connectionKey`, made when it is asked for, and
 * ended when its principal has gone, when it was not used for long, or when another one needs the room.
 */
export class IsolatedConnections {
  readonly #options: IsolatedConnectionsOptions
  /** Of this upstream. */
  readonly #budget: ConnectionBudget
  readonly #byKey = new Map<string, IsolatedConnection>()
  /** By `connectionKey`: they outlive a connection that is lost. */
  readonly #wishes = new Map<string, ConnectionWishes>()
  /** On their way out. */
  readonly #leaving = new Set<Promise<void>>()
  #checks: NodeJS.Timeout | undefined
  #made = 0
  #closed = false

  constructor(options: IsolatedConnectionsOptions) {
    this.#options = options
    this.#budget = new ConnectionBudget(options.limits.isolated.perUpstream)
  }

  /** The tools are these now. */
  prepareFor(tools: ToolList): void {
    for (const connection of this.#byKey.values()) connection.prepareFor(tools)
  }

  /** The principal's own. Throws AppError. */
  async session(principal: Principal, signal: CancelSignal | undefined): Promise<UpstreamSession> {
    const { limits, slug } = this.#options
    return await waitFor(this.#connectionOf(principal).session, {
      timeoutMs: limits.startTimeoutMs,
      late: () => stillConnecting(slug),
      signal,
    })
  }

  /** What the principal wants to hear on its own connection. */
  wishesOf({ connectionKey: key }: Principal): ConnectionWishes {
    const wishes = this.#wishes.get(key) ?? new ConnectionWishes()
    this.#wishes.set(key, wishes)
    return wishes
  }

  /** The principal makes no more requests. */
  release(principal: Principal): void {
    const connection = this.#byKey.get(principal.connectionKey)
    if (connection && connection.principal !== principal) return
    this.#wishes.delete(principal.connectionKey)
    if (connection) this.#end(principal.connectionKey, connection)
  }

  /** Ends all; more can be made afterwards. */
  endAll(): void {
    for (const [key, connection] of [...this.#byKey]) this.#end(key, connection)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.endAll()
    await Promise.all(this.#leaving)
  }

  #connectionOf(principal: Principal): IsolatedConnection {
    const { connectionKey: key } = principal
    const found = this.#byKey.get(key)
    if (found && !found.isOver && (found.principal === principal || found.isFor(principal))) {
      found.serve(principal)
      return found
    }
    if (found) this.#end(key, found)
    if (this.#closed) throw connectionStopped()
    return this.#make(key, principal)
  }

  #make(key: string, principal: Principal): IsolatedConnection {
    const { budget, slug, limits } = this.#options
    if (!this.#budget.makeRoom()) throw allInUse(this.#budget.max, slug)
    if (!budget.makeRoom()) throw allInUse(budget.max, 'this gateway')
    const connection = new IsolatedConnection(principal, ++this.#made, this.wishesOf(principal), this.#options)
    this.#byKey.set(key, connection)
    const end = () => this.#end(key, connection)
    this.#budget.add(connection, end)
    budget.add(connection, end)
    this.#checks ??= setInterval(() => this.#endUnused(), limits.isolated.idleMs / CHECKS).unref()
    void this.#watch(key, connection)
    return connection
  }

  /** Forgets it when it ends by itself. One that could not be opened stays known for a moment: each call would start another. */
  async #watch(key: string, connection: IsolatedConnection): Promise<void> {
    const failed = await connection.session.then(
      () => false,
      () => true,
    )
    if (failed) await new Promise((resolve) => setTimeout(resolve, this.#options.limits.backoff.firstMs).unref())
    await connection.ended
    this.#forget(key, connection)
    this.#afterEnd(key, connection.principal)
  }

  /** Whoever watches a resource needs a connection although it asks for nothing. */
  #afterEnd(key: string, principal: Principal): void {
    if (this.#byKey.has(key)) return
    const wishes = this.#wishes.get(key)
    if (wishes?.isEmpty) this.#wishes.delete(key)
    if (this.#closed || !wishes?.watches) return
    setTimeout(() => {
      if (this.#wishes.get(key)?.watches) this.session(principal, undefined).catch(() => undefined)
    }, WATCH_AGAIN_MS).unref()
  }

  #endUnused(): void {
    const before = performance.now() - this.#options.limits.isolated.idleMs
    for (const [key, connection] of [...this.#byKey]) {
      if ((connection.idleSince ?? Infinity) <= before) this.#end(key, connection)
    }
  }

  #end(key: string, connection: IsolatedConnection): void {
    this.#forget(key, connection)
    const left = connection.close().finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }

  #forget(key: string, connection: IsolatedConnection): void {
    this.#budget.remove(connection)
    this.#options.budget.remove(connection)
    if (this.#byKey.get(key) !== connection) return
    this.#byKey.delete(key)
    if (this.#byKey.size > 0) return
    clearInterval(this.#checks)
    this.#checks = undefined
  }
}

function allInUse(count: number, whose: string): AppError {
  const message = `All ${count} connections of ${whose} that agents do not share are in use. Try again when one of them is free.`
  return new AppError('upstream_unavailable', { message })
}
