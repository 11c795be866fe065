import type { IsolatedConnection } from './isolated-connection.ts'

/**
 * How many connections that agents do not share one upstream, or the whole gateway, may have. Room is made by ending one
 * that is not in use.
 */
export class ConnectionBudget {
  readonly max: number
  readonly #ends = new Map<IsolatedConnection, () => void>()

  constructor(max: number) {
    this.max = max
  }

  /** False: all are in use. */
  makeRoom(): boolean {
    if (this.#ends.size < this.max) return true
    const idle = leastUsed(this.#ends.keys())
    if (idle) this.#ends.get(idle)?.()
    return idle !== undefined
  }

  /** `end` is called when another connection needs the room, and must lead to `remove`. */
  add(connection: IsolatedConnection, end: () => void): void {
    this.#ends.set(connection, end)
  }

  remove(connection: IsolatedConnection): void {
    this.#ends.delete(connection)
  }
}

/** Of those that are not in use, the one that was used longest ago. */
function leastUsed(connections: Iterable<IsolatedConnection>): IsolatedConnection | undefined {
  let found: IsolatedConnection | undefined
  let since = Infinity
  for (const connection of connections) {
    const { idleSince } = connection
    if (idleSince === undefined || idleSince >= since) continue
    found = connection
    since = idleSince
  }
  return found
}
