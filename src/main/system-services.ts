import type { ApiServices } from './api/services.ts'
import { Late } from './base/late.ts'
import type { IntegrationsService } from './integrations/service.ts'
import type { IsOwnAddress } from './notifications/wire/addresses.ts'
import { SystemAdapters } from './system/adapters.ts'
import type { SystemAccess } from './system/system-adapter.ts'
import { SystemRegistry } from './system/registry.ts'
import { sendingTools } from './system/sending-tools.ts'
import type { WebhookEndpoints } from './system/webhooks/webhook-endpoints.ts'

interface SystemServicesOptions {
  resourcesDir: string
  /** Composed after this; called when somebody asks. */
  integrations: () => IntegrationsService
  /** Names of the channels that send by an integration. */
  channelsOf: (workspace: string, integration: string) => readonly string[]
  webhooks: { endpoints: WebhookEndpoints; isOwn: IsOwnAddress }
}

interface SystemServices extends Pick<ApiServices, 'setup'> {
  registry: SystemRegistry
  adapters: SystemAdapters
  /** Tools that do more than read, by integration, set up or not: what agents get only where somebody chose so. */
  sendingTools(): Promise<[integration: string, tool: string][]>
  /** Of one that is set up and not disabled; to be asked for anew with each use. */
  access(workspace: string, name: string): SystemAccess | undefined
}

/** The part of the composition root that is about the integrations which ship with Gatehouse. */
export async function systemServices(options: SystemServicesOptions): Promise<SystemServices> {
  const { resourcesDir, integrations, channelsOf, webhooks } = options
  const registry = await SystemRegistry.load(`${resourcesDir}/registry`)
  const adapters = new SystemAdapters({
    slack: async () => new (await import('./system/slack/slack-adapter.ts')).SlackAdapter(),
    pagerduty: async () => new (await import('./system/pagerduty/pagerduty-adapter.ts')).PagerDutyAdapter(),
    prometheus: async () => (await import('./system/prometheus/prometheus-adapter.ts')).prometheusAdapter,
    webhooks: async () => new (await import('./system/webhooks/webhooks-adapter.ts')).WebhooksAdapter(webhooks),
  })
  const setup = new Late(async () => {
    const { SetupService } = await import('./system/setup-service.ts')
    return new SetupService({ registry, adapters, integrations: integrations(), channelsOf })
  })
  return {
    registry,
    adapters,
    sendingTools: async () => {
      const found = registry.entries.map(async (entry) =>
        (await sendingTools(entry, adapters)).map((tool): [string, string] => [entry.name, tool]),
      )
      return (await Promise.all(found)).flat()
    },
    access: (workspace, name) => integrations().system.access(workspace, name),
    setup,
  }
}
