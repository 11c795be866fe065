import type { ApiServices } from './api/services.ts'
import type { Emitter } from './base/emitter.ts'
import type { Logger } from './base/log.ts'
import type { Addresses } from './http/addresses.ts'
import { LateDoor } from './http/late-door.ts'
import type { Door } from './http/server.ts'
import { AlertmanagerReceiver } from './incidents/alertmanager/receiver.ts'
import { GatewayEvents } from './incidents/gateway/gateway-events.ts'
import type { DeliveryPlanner } from './incidents/happening.ts'
import { HookTokens } from './incidents/hook-tokens.ts'
import { idsAfter } from './incidents/ids-after.ts'
import { metricsText, type CallTotals } from './incidents/metrics.ts'
import { ReportTools } from './incidents/report-tools/report-tools.ts'
import { IncidentsService } from './incidents/service.ts'
import type { IntegrationsService } from './integrations/service.ts'
import type { ServedIntegration } from './integrations/served-integration.ts'
import type { Database } from './store/database.ts'
import { HookTokensStore } from './store/hook-tokens-store.ts'
import { IncidentsStore } from './store/incidents-store.ts'
import type { WorkspacesService } from './workspaces/service.ts'

interface IncidentServicesOptions {
  database: Database
  planner: DeliveryPlanner
  workspaces: Pick<WorkspacesService, 'require' | 'list'>
  integrations: Pick<IntegrationsService, 'list'>
  /** Deliveries of a workspace by their state. */
  deliveries: (workspace: string) => Promise<Readonly<Record<string, number>>>
  /** Name of an agent by the id that it calls with. */
  agentName: (id: string) => string | undefined
  calls: CallTotals
  urls: Pick<Addresses, 'alertmanager_url' | 'events_url'>
  adminToken: string
  version: string
  emitter: Emitter
  log: Logger
}

interface IncidentServices extends Pick<ApiServices, 'hookTokens'> {
  incidents: IncidentsService
  door: Door
  /** The gateway's own tools of a workspace. */
  served(workspace: string): ServedIntegration
  /** Keys of incidents that are not resolved and begin so. */
  openKeys(workspace: string, prefix: string): Promise<string[]>
  /** Watches what the gateway itself has to tell: when the integrations are there. */
  watch(): Promise<void>
  /** What means nothing without its workspace. */
  eraseOf(workspace: string): Promise<void>
  close(): Promise<void>
}

/** The part of the composition root that is about incidents and who tells of them. */
export async function incidentServices(options: IncidentServicesOptions): Promise<IncidentServices> {
  const { database, planner, workspaces, integrations, deliveries, agentName, urls, emitter, log } = options
  const { calls, adminToken, version } = options
  const store = new IncidentsStore(database)
  const ids = idsAfter(await store.lastId())
  const incidents = new IncidentsService({ store, planner, workspaces, ids, emitter, log })
  const hookTokens = new HookTokens({ store: new HookTokensStore(database), workspaces, urls, emitter, log })
  await hookTokens.start()
  const receiver = new AlertmanagerReceiver({ incidents, store })
  const reportTools = new ReportTools({ incidents, agentName })
  const names = () => workspaces.list().map(({ name }) => name)
  const gatewayEvents = new GatewayEvents({
    incidents,
    store,
    emitter,
    workspaces: names,
    integrations: (workspace) => integrations.list(workspace),
    log,
  })
  const integrationStates = (workspace: string) =>
    integrations.list(workspace).flatMap(({ source, connection: { state } }) => {
      return source === 'system' && state === 'needs_setup' ? [] : [state]
    })
  const shown = { version, workspaces: names, store, integrationStates, deliveries, calls }
  const metrics = (workspace: string | undefined) => metricsText(shown, workspace)
  incidents.start()
  return {
    incidents,
    hookTokens,
    door: new LateDoor(['/hooks', '/metrics'], async () => {
      const { HookDoor } = await import('./http/hook-door.ts')
      return new HookDoor({ hookTokens, receiver, incidents, metrics, adminToken, log })
    }),
    served: (workspace) => reportTools.of(workspace),
    openKeys: (workspace, prefix) => store.openKeys(workspace, prefix),
    watch: () => gatewayEvents.start(),
    eraseOf: async (workspace) => {
      await incidents.erase(workspace)
      await hookTokens.erase(workspace)
      receiver.erase(workspace)
      reportTools.erase(workspace)
      calls.erase(workspace)
    },
    close: async () => {
      gatewayEvents.close()
      await incidents.close()
      await hookTokens.close()
    },
  }
}
