import { createAgentsStore } from './agents.ts'
import { createDeletionsStore } from './deletions.ts'
import { createIntegrationsStore } from './integrations.ts'
import { createKnownToolsStore } from './known-tools.ts'
import { createPlaygroundStore } from './playground.ts'
import { createPreferencesStore } from './preferences.ts'
import { createProfilesStore } from './profiles.ts'
import { createServedToolsStore } from './served-tools.ts'
import { createSignInsStore } from './sign-ins.ts'
import { createSystemStore } from './system.ts'
import { createToolsStore } from './tools.ts'
import { createWorkspacesStore } from './workspaces.ts'

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
  stores.workspaces.getState().choose(name)
}
