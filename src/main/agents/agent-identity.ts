/** Who calls the gateway: found by its token, and all that the gateway needs to know of it. */
export interface AgentIdentity {
  id: string
  name: string
  workspace: string
}
