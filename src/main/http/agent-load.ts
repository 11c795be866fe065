/** What one agent makes the gateway hold at this moment. */
export interface AgentLoad {
  /** Requests that are being answered. */
  running: number
  /** Bytes of finished answers that it has not read yet. */
  unread: number
}

/** The loads of all agents that have any. */
export class AgentLoads {
  readonly #byAgent = new Map<string, AgentLoad>()

  of(agentId: string): AgentLoad {
    let load = this.#byAgent.get(agentId)
    if (load === undefined) this.#byAgent.set(agentId, (load = { running: 0, unread: 0 }))
    return load
  }

  /** To be called when a request was answered: forgets an agent that has none left and has read everything. */
  settle(agentId: string): void {
    const load = this.#byAgent.get(agentId)
    if (load?.running === 0 && load.unread === 0) this.#byAgent.delete(agentId)
  }
}
