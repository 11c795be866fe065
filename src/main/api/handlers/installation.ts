import { eventStream, whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

/** What concerns the installation and its workspaces as a whole. */
export function installationHandlers(api: Api, services: ApiServices) {
  const { workspaces, settings, vault, transfer, events } = services
  return {
    system: {
      status: api.system.status.handler(({ context }) => services.status(context.workspace)),
      restart_gateway: api.system.restart_gateway.handler(({ context }) => services.restartGateway(context.workspace)),
      // Subscribed at the call, not at the first read: a change between the two is heard.
      stream: api.system.stream.handler(({ context, signal = new AbortController().signal }) =>
        eventStream(events.subscribe(context.workspace, signal)),
      ),
    },
    workspaces: {
      list: api.workspaces.list.handler(async () => whole(await workspaces.list())),
      create: api.workspaces.create.handler(({ input }) => workspaces.create(input)),
      update: api.workspaces.update.handler(({ input }) => workspaces.update(input)),
      remove: api.workspaces.remove.handler(({ input }) => workspaces.remove(input.name)),
    },
    settings: {
      get: api.settings.get.handler(() => settings.get()),
      update: api.settings.update.handler(({ input }) => settings.update(input)),
    },
    vault: {
      get: api.vault.get.handler(() => vault.state()),
      unlock: api.vault.unlock.handler(({ input }) => vault.unlock(input.passphrase)),
      lock: api.vault.lock.handler(() => vault.lock()),
      rotate: api.vault.rotate.handler(({ input }) => vault.rotate(input)),
      reset: api.vault.reset.handler(() => vault.reset()),
    },
    transfer: {
      export: api.transfer.export.handler(async ({ context }) => ({
        document: await (await transfer.get()).export(context.workspace),
      })),
      plan: api.transfer.plan.handler(async ({ context, input }) =>
        (await transfer.get()).plan(context.workspace, input.document),
      ),
      apply: api.transfer.apply.handler(async ({ context, input }) =>
        (await transfer.get()).apply(context.workspace, input.document),
      ),
    },
    console: {
      create_url: api.console.create_url.handler(() => ({ console_url: services.consoleUrl() })),
    },
  }
}
