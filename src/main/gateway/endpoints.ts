import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import type { Catalog } from './catalog.ts'
import type { Catalogs } from './catalogs.ts'
import type { Watcher } from './list-changed.ts'
import type { ListBytes } from './list-bytes.ts'
import type { Offering } from './offering.ts'
import { listOf } from './own-tools.ts'
import type { View } from './view.ts'

/** What stands behind `/mcp` or one `/mcp/<slug>` at the moment of a request, for the agent that asks. */
export interface Endpoint {
  catalog: Catalog
  /** Undefined: `/mcp`. */
  slug: string | undefined
  view: View
  offering: Offering
  /** Of this request. Always `full` on the endpoint of one integration. */
  mode: DiscoveryMode
  /** The tools, in this mode. */
  list: ListBytes
}

/** Endpoints as agents see them: kept nowhere, since what an agent may see changes. */
export class Endpoints {
  readonly #catalogs: Catalogs
  readonly #agentOf: (agentId: string) => AgentIdentity | undefined

  /** `agentOf`: an agent as it is now; undefined: there is none with this id. */
  constructor(catalogs: Catalogs, agentOf: (agentId: string) => AgentIdentity | undefined) {
    this.#catalogs = catalogs
    this.#agentOf = agentOf
  }

  /** The endpoint that an open session or stream belongs to, as its agent would find it now. */
  ofWatcher({ agentId, slug, mode }: Pick<Watcher, 'agentId' | 'slug' | 'mode'>): Endpoint | undefined {
    const agent = this.#agentOf(agentId)
    return agent && this.of(agent, slug, mode)
  }

  /** `wanted` is the mode asked for in the address. Undefined when the agent has no integration with this slug. */
  of(agent: AgentIdentity, slug: string | undefined, wanted: DiscoveryMode | undefined): Endpoint | undefined {
    const catalog = this.#catalogs.of(agent.workspace, agent.profile)
    const view = slug === undefined ? catalog.all : catalog.of(slug)
    const offering = catalog.offering(slug)
    if (view === undefined || offering === undefined) return undefined
    const mode = slug === undefined ? (wanted ?? agent.discoveryMode) : 'full'
    return { catalog, slug, view, offering, mode, list: listOf(view, slug, mode) }
  }
}
