import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import type { Profile } from '../../shared/contract/profiles.ts'

/** Who calls the gateway: found by its token, and all that the gateway needs to know of it. */
export interface AgentIdentity {
  /**
   * The agent's, or the lease's where it came with the token of one: sessions, streams and limits hang on it, and end with
   * the token that they were made by.
   */
  id: string
  name: string
  workspace: string
  /** What it sees; null: everything that is served. A changed profile is another object. */
  profile: Profile | null
  /** Its own setting, else that of the installation. */
  discoveryMode: DiscoveryMode
}
