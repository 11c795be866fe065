/** What one agent makes the gateway hold at this moment. */
export interface AgentLoad {
  /** Requests that are being answered. */
  running: number
  /** Bytes of finished answers that it has not read yet. */
  unread: number
}

/** So many are kept although they may be over: to forget and make one with each call costs more than to keep it. */
const KEPT = 256

/** The loads of all agents that have any, and of some that had. */
export class AgentLoads {
  readonly #byAgent = new Map<string, AgentLoad>()

  of(agentId: string): AgentLoad {
    let load = this.#byAgent.get(agentId)
    if (load === undefined) this.#byAgent.set(agentId, (load = { running: 0, unread: 0 }))
    return load
  }

  /** To be called when a request was answered: where there are many, forgets an agent that has none left and has read all. */
  settle(agentId: string): void {
    if (this.#byAgent.size <= KEPT) return
    const load = this.#byAgent.get(agentId)
    if (load?.running === 0 && load.unread === 0) this.#byAgent.delete(agentId)
  }
}
