import { createAgentsStore } from './agents.ts'
import { createIntegrationsStore } from './integrations.ts'
import { createPreferencesStore } from './preferences.ts'
import { createSystemStore } from './system.ts'
import { createToolsStore } from './tools.ts'

export interface Stores {
  integrations: ReturnType<typeof createIntegrationsStore>
  agents: ReturnType<typeof createAgentsStore>
  tools: ReturnType<typeof createToolsStore>
  system: ReturnType<typeof createSystemStore>
  preferences: ReturnType<typeof createPreferencesStore>
}

export function createStores(storage: Storage): Stores {
  return {
    integrations: createIntegrationsStore(),
    agents: createAgentsStore(),
    tools: createToolsStore(),
    system: createSystemStore(),
    preferences: createPreferencesStore(storage),
  }
}
