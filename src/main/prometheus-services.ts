import type { Emitter } from './base/emitter.ts'
import type { Logger } from './base/log.ts'
import type { IntegrationsService } from './integrations/service.ts'
import type { IncidentsService } from './incidents/service.ts'
import type { Database } from './store/database.ts'
import { PrometheusQueriesStore } from './store/prometheus-queries-store.ts'
import { openSeries } from './store/series-file.ts'
import { PrometheusService } from './system/prometheus/prometheus-service.ts'

interface PrometheusServicesOptions {
  database: Database
  seriesFile: string
  nativeBinding?: string | undefined
  integrations: Pick<IntegrationsService, 'system'>
  incidents: Pick<IncidentsService, 'tell'>
  /** Of incidents that are not resolved, those that begin so. */
  openKeys: (workspace: string, prefix: string) => Promise<string[]>
  emitter: Emitter
  log: Logger
}

const NAME = 'prometheus'

/** The part of the composition root that is about what Gatehouse asks of a Prometheus by itself. */
export function prometheusServices(options: PrometheusServicesOptions): PrometheusService {
  const { database, seriesFile, nativeBinding, integrations, incidents, openKeys, emitter, log } = options
  return new PrometheusService({
    setup: (workspace) => {
      const held = integrations.system.find(workspace, NAME)
      if (held === undefined) return undefined
      const access = integrations.system.requireAccess(workspace, NAME)
      return { access, isActive: held.record.status === 'active' }
    },
    report: async (workspace, events) => {
      await incidents.tell(
        workspace,
        events.map((input) => ({ input, origin: 'prometheus', toldBy: null })),
      )
    },
    openKeys,
    queries: new PrometheusQueriesStore(database),
    openSeries: () => openSeries(seriesFile, { nativeBinding, log }),
    emitter,
    log,
  })
}
