import type { Channel } from '../../shared/contract/channels.ts'
import type { DeliveryCounts } from '../../shared/contract/deliveries.ts'
import type { IncidentCounts } from '../../shared/contract/incidents.ts'
import type { Rule } from '../../shared/contract/rules.ts'
import { createAgentsStore } from './agents.ts'
import { type ByIdState, createByIdStore } from './by-id.ts'
import { type CountsState, createCountsStore } from './counts.ts'
import { createDeletionsStore } from './deletions.ts'
import { createIntegrationsStore } from './integrations.ts'
import { createKnownToolsStore } from './known-tools.ts'
import { createPlaygroundStore } from './playground.ts'
import { createPreferencesStore } from './preferences.ts'
import { createProfilesStore } from './profiles.ts'
import { createRevisionStore } from './revision.ts'
import { createServedToolsStore } from './served-tools.ts'
import { createSignInsStore } from './sign-ins.ts'
import { createSystemStore } from './system.ts'
import { createToolsStore } from './tools.ts'
import { createWorkspacesStore } from './workspaces.ts'
import type { StoreApi } from 'zustand/vanilla'

export interface Stores {
  integrations: ReturnType<typeof createIntegrationsStore>
  deletions: ReturnType<typeof createDeletionsStore>
  agents: ReturnType<typeof createAgentsStore>
  profiles: ReturnType<typeof createProfilesStore>
  tools: ReturnType<typeof createToolsStore>
  servedTools: ReturnType<typeof createServedToolsStore>
  knownTools: ReturnType<typeof createKnownToolsStore>
  playground: ReturnType<typeof createPlaygroundStore>
  signIns: ReturnType<typeof createSignInsStore>
  incidents: StoreApi<CountsState<IncidentCounts>>
  deliveries: StoreApi<CountsState<DeliveryCounts>>
  channels: StoreApi<ByIdState<Channel>>
  rules: StoreApi<ByIdState<Rule>>
  hookTokens: ReturnType<typeof createRevisionStore>
  prometheus: ReturnType<typeof createRevisionStore>
  system: ReturnType<typeof createSystemStore>
  workspaces: ReturnType<typeof createWorkspacesStore>
  preferences: ReturnType<typeof createPreferencesStore>
}

export function createStores(storage: Storage): Stores {
  return {
    integrations: createIntegrationsStore(),
    deletions: createDeletionsStore(),
    agents: createAgentsStore(),
    profiles: createProfilesStore(),
    tools: createToolsStore(),
    servedTools: createServedToolsStore(),
    knownTools: createKnownToolsStore(),
    playground: createPlaygroundStore(),
    signIns: createSignInsStore(),
    incidents: createCountsStore<IncidentCounts>(),
    deliveries: createCountsStore<DeliveryCounts>(),
    channels: createByIdStore<Channel>(),
    rules: createByIdStore<Rule>(),
    hookTokens: createRevisionStore(),
    prometheus: createRevisionStore(),
    system: createSystemStore(),
    workspaces: createWorkspacesStore(storage),
    preferences: createPreferencesStore(storage),
  }
}

/** Puts another workspace in front. What the stores held of the one before is gone at once; the sync loads anew. */
export function switchWorkspace(stores: Stores, name: string): void {
  if (stores.workspaces.getState().current === name) return
  stores.system.getState().forgetStatus()
  stores.deletions.getState().clear()
  stores.integrations.getState().replaceAll([])
  stores.agents.getState().replaceAll([])
  stores.profiles.getState().replaceAll([])
  stores.tools.getState().clear()
  stores.servedTools.getState().clear()
  stores.knownTools.getState().clear()
  stores.playground.getState().clear()
  stores.signIns.getState().clear()
  stores.incidents.getState().clear()
  stores.deliveries.getState().clear()
  stores.channels.getState().clear()
  stores.rules.getState().clear()
  stores.workspaces.getState().choose(name)
}
