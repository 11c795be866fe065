import { existsSync } from 'node:fs'
import type { ApiServices } from './api/services.ts'
import type { Emitter } from './base/emitter.ts'
import { Late } from './base/late.ts'
import type { Logger } from './base/log.ts'
import type { IntegrationsService } from './integrations/service.ts'
import type { SystemChanged } from './integrations/system-writes.ts'
import type { IncidentsService } from './incidents/service.ts'
import type { Database } from './store/database.ts'
import { PrometheusQueriesStore } from './store/prometheus-queries-store.ts'
import { openSeries } from './store/series-file.ts'
import type { SystemAccess } from './system/system-adapter.ts'

interface PrometheusServicesOptions {
  database: Database
  seriesFile: string
  nativeBinding?: string | undefined
  integrations: Pick<IntegrationsService, 'system'>
  incidents: Pick<IncidentsService, 'tell'>
  /** Of incidents that are not resolved, those that begin so. */
  openKeys: (workspace: string, prefix: string) => Promise<string[]>
  /** All there are. */
  workspaces: () => readonly string[]
  emitter: Emitter
  log: Logger
}

interface PrometheusServices extends Pick<ApiServices, 'prometheus'> {
  changed: SystemChanged
  /** Begins to watch, in all workspaces. */
  start(): Promise<void>
  /** Everything of a workspace that is about to be deleted. */
  eraseOf(workspace: string): Promise<void>
  close(): Promise<void>
}

const NAME = 'prometheus'

/**
 * The part of the composition root that is about what Gatehouse asks of a Prometheus by itself. Its code is loaded where one is set
 * up, or was: most gateways have none.
 */
export function prometheusServices(options: PrometheusServicesOptions): PrometheusServices {
  const { database, seriesFile, nativeBinding, integrations, incidents, openKeys, workspaces, emitter, log } = options
  const queries = new PrometheusQueriesStore(database)
  const hasSeries = () => existsSync(seriesFile)
  let isWatching = false
  const setup = (workspace: string): { access: SystemAccess; isActive: boolean } | undefined => {
    const held = integrations.system.find(workspace, NAME)
    if (held === undefined) return undefined
    const access = integrations.system.requireAccess(workspace, NAME)
    return { access, isActive: held.record.status === 'active' }
  }
  const prometheus = new Late(async () => {
    const { PrometheusService } = await import('./system/prometheus/prometheus-service.ts')
    const service = new PrometheusService({
      setup,
      report: async (workspace, events) => {
        await incidents.tell(
          workspace,
          events.map((input) => ({ input, origin: 'prometheus', toldBy: null })),
        )
      },
      openKeys,
      queries,
      openSeries: () => openSeries(seriesFile, { nativeBinding, log }),
      hasSeries,
      emitter,
      log,
    })
    if (isWatching) service.start(workspaces())
    return service
  })
  /** What was kept goes on ageing, and what is open has to end, although nothing is set up any more. */
  const isUsed = async (workspace: string): Promise<boolean> =>
    setup(workspace) !== undefined ||
    (await queries.list(workspace)).length > 0 ||
    (await openKeys(workspace, NAME)).length > 0
  return {
    prometheus,
    changed: (workspace, name, what) => {
      if (name !== NAME) return
      prometheus
        .get()
        .then((service) => service.changed(workspace, what))
        .catch((error: unknown) => log.error({ err: error, workspace }, 'Prometheus can not be watched'))
    },
    start: async () => {
      isWatching = true
      const used = await Promise.all(workspaces().map(isUsed))
      if (used.includes(true)) await prometheus.get()
    },
    eraseOf: async (workspace) => {
      if (hasSeries() || (await isUsed(workspace))) await (await prometheus.get()).erase(workspace)
    },
    close: () => prometheus.ifMade((service) => service.close()),
  }
}
