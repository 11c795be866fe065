import { homedir } from 'node:os'
import type { ApiServices } from './api/services.ts'
import type { AppOptions } from './app-options.ts'
import { Late } from './base/late.ts'
import { bridgeCommand } from './clients/bridge-command.ts'
import type { ClientsService } from './clients/service.ts'
import type { Transfer } from './transfer/service.ts'

type ClientsNeeds = ConstructorParameters<typeof ClientsService>[0]
type TransferNeeds = ConstructorParameters<typeof Transfer>[0]

interface ConfigurationServicesOptions
  extends
    Pick<AppOptions, 'place' | 'environment' | 'launcher' | 'dataDir' | 'log'>,
    Pick<ClientsNeeds, 'workspaces' | 'mcpUrl' | 'isOwnAddress'>,
    Pick<TransferNeeds, 'profiles' | 'settings' | 'vault'> {
  integrations: ClientsNeeds['integrations'] & TransferNeeds['integrations']
  agents: ClientsNeeds['agents'] & TransferNeeds['agents']
}

/**
 * The part of the composition root that is about files: the configurations of MCP clients, and exports. Loaded when somebody asks for
 * either: readers and writers of JSON, TOML and YAML come with them.
 */
export function configurationServices(
  options: ConfigurationServicesOptions,
): Pick<ApiServices, 'clients' | 'transfer'> & { close(): Promise<void> } {
  const { integrations, profiles, agents, workspaces, settings, vault, mcpUrl, isOwnAddress, dataDir, log } = options
  const clients = new Late(async () => {
    const { ClientsService } = await import('./clients/service.ts')
    return new ClientsService({
      place: async () =>
        options.place ?? {
          home: homedir(),
          env: await (options.environment ?? process.env),
          platform: process.platform,
        },
      agents,
      integrations,
      workspaces,
      mcpUrl,
      bridge: (agent, workspace) => bridgeCommand(options.launcher, dataDir, agent, workspace),
      isOwnAddress,
      log,
    })
  })
  const transfer = new Late(async () => {
    const { Transfer } = await import('./transfer/service.ts')
    return new Transfer({ integrations, profiles, agents, settings, vault, redactor: log.redactor })
  })
  return { clients, transfer, close: () => clients.ifMade((service) => service.close()) }
}
