import { agentHandlers, clientHandlers, profileHandlers } from './handlers/agents.ts'
import { incidentHandlers } from './handlers/incidents.ts'
import { installationHandlers } from './handlers/installation.ts'
import { integrationHandlers } from './handlers/integrations.ts'
import { notificationHandlers } from './handlers/notifications.ts'
import { openApiHandlers } from './handlers/openapi.ts'
import { recordHandlers } from './handlers/records.ts'
import { setupHandlers } from './handlers/setup.ts'
import { toolHandlers } from './handlers/tools.ts'
import { createImplementer, type FaultLog } from './implementer.ts'
import type { ApiServices } from './services.ts'

export type ApiRouter = ReturnType<typeof createRouter>

/** Binds every operation of the contract to the service that does it. Nothing is decided here. */
export function createRouter(services: ApiServices, log: FaultLog) {
  const api = createImplementer(services, log)
  return api.router({
    ...installationHandlers(api, services),
    ...recordHandlers(api, services),
    ...incidentHandlers(api, services),
    ...notificationHandlers(api, services),
    ...setupHandlers(api, services),
    integrations: integrationHandlers(api, services),
    tools: toolHandlers(api, services),
    openapi: openApiHandlers(api, services),
    agents: agentHandlers(api, services),
    profiles: profileHandlers(api, services),
    clients: clientHandlers(api, services),
  })
}
