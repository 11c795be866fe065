import type { ApiServices } from './api/services.ts'
import type { IntegrationsService } from './integrations/service.ts'
import { SystemAdapters } from './system/adapters.ts'
import { PagerDutyAdapter } from './system/pagerduty/pagerduty-adapter.ts'
import { prometheusAdapter } from './system/prometheus/prometheus-adapter.ts'
import { SlackAdapter } from './system/slack/slack-adapter.ts'
import type { SystemAccess, SystemAdapter } from './system/system-adapter.ts'
import { SystemRegistry } from './system/registry.ts'
import { sendingTools } from './system/sending-tools.ts'
import { SetupService } from './system/setup-service.ts'

interface SystemServicesOptions {
  resourcesDir: string
  /** Composed after this; called when somebody asks. */
  integrations: () => IntegrationsService
  /** Names of the channels that send by an integration. */
  channelsOf: (workspace: string, integration: string) => readonly string[]
}

interface SystemServices extends Pick<ApiServices, 'setup'> {
  registry: SystemRegistry
  adapters: SystemAdapters
  /** Registers code before the integrations are loaded, for adapters that need other services. */
  addAdapter(name: string, adapter: SystemAdapter): void
  /** Tools that do more than read, by integration, set up or not: what agents get only where somebody chose so. */
  sendingTools(): [integration: string, tool: string][]
  /** Of one that is set up and not disabled; to be asked for anew with each use. */
  access(workspace: string, name: string): SystemAccess | undefined
}

/** The part of the composition root that is about the integrations which ship with Gatehouse. */
export function systemServices({ resourcesDir, integrations, channelsOf }: SystemServicesOptions): SystemServices {
  const registry = SystemRegistry.load(`${resourcesDir}/registry`)
  const adapters = new SystemAdapters()
  adapters.add('slack', new SlackAdapter())
  adapters.add('pagerduty', new PagerDutyAdapter())
  adapters.add('prometheus', prometheusAdapter)
  let service: SetupService | undefined
  const setup = () => (service ??= new SetupService({ registry, adapters, integrations: integrations(), channelsOf }))
  return {
    registry,
    adapters,
    addAdapter: (name, adapter) => adapters.add(name, adapter),
    sendingTools: () =>
      registry.entries.flatMap((entry) =>
        sendingTools(entry, adapters).map((tool): [string, string] => [entry.name, tool]),
      ),
    access: (workspace, name) => integrations().system.access(workspace, name),
    setup: {
      get: (workspace, name) => setup().get(workspace, name),
      apply: (workspace, input, signal) => setup().apply(workspace, input, signal),
      verify: (workspace, name, signal) => setup().verify(workspace, name, signal),
      forget: (workspace, name) => setup().forget(workspace, name),
    },
  }
}
