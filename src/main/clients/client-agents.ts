import type { Agent, NewAgent } from '../../shared/contract/agents.ts'
import type { TokenOwner } from './gateway-entry.ts'

/** What is needed of the agents of the gateway. */
export interface AgentsOfClients {
  list(workspace: string): Agent[]
  create(workspace: string, input: NewAgent, token?: string): Promise<unknown>
  rotate(workspace: string, id: string, token: string): Promise<unknown>
  remove(workspace: string, id: string): Promise<void>
  authenticate: TokenOwner
}

/** Each client calls as an agent of its own, which is named like the client. */
export class ClientAgents {
  readonly #agents: AgentsOfClients

  constructor(agents: AgentsOfClients) {
    this.#agents = agents
  }

  /** From now on this token is the one of the client's agent. */
  async give(workspace: string, name: string, token: string): Promise<void> {
    const known = this.#find(workspace, name)
    if (known === undefined) await this.#agents.create(workspace, { name }, token)
    else await this.#agents.rotate(workspace, known.id, token)
  }

  /** Makes sure that there is one: the bridge asks for a token by its name. */
  async ensure(workspace: string, name: string): Promise<void> {
    if (this.#find(workspace, name) === undefined) await this.#agents.create(workspace, { name })
  }

  /** Ends the agent of a client. One that has another name was made for something else as well. */
  async revoke(workspace: string, name: string, id: string | null): Promise<void> {
    const own = this.#agents.list(workspace).filter((agent) => agent.name === name)
    const revoked = id === null ? own[0] : own.find((agent) => agent.id === id)
    if (revoked !== undefined) await this.#agents.remove(workspace, revoked.id)
  }

  #find(workspace: string, name: string): Agent | undefined {
    return this.#agents.list(workspace).find((agent) => agent.name === name)
  }
}
