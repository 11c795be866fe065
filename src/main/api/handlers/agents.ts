import { eventStream, whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

export function agentHandlers({ agents: api }: Api, { agents }: ApiServices) {
  return {
    list: api.list.handler(async ({ context }) => whole(await agents.list(context.workspace))),
    create: api.create.handler(({ context, input }) => agents.create(context.workspace, input)),
    update: api.update.handler(({ context, input: { id, ...changes } }) =>
      agents.update(context.workspace, id, changes),
    ),
    remove: api.remove.handler(({ context, input }) => agents.remove(context.workspace, input.id)),
    rotate: api.rotate.handler(({ context, input }) => agents.rotate(context.workspace, input.id)),
    lease: api.lease.handler(async ({ context, input, signal = new AbortController().signal }) =>
      eventStream(await agents.lease(context.workspace, input.name, signal)),
    ),
  }
}

export function profileHandlers({ profiles: api }: Api, { profiles }: ApiServices) {
  return {
    list: api.list.handler(async ({ context }) => whole(await profiles.list(context.workspace))),
    create: api.create.handler(({ context, input }) => profiles.create(context.workspace, input)),
    update: api.update.handler(({ context, input: { id, ...changes } }) =>
      profiles.update(context.workspace, id, changes),
    ),
    remove: api.remove.handler(({ context, input }) => profiles.remove(context.workspace, input.id)),
  }
}

export function clientHandlers({ clients: api }: Api, { clients }: ApiServices) {
  return {
    list: api.list.handler(async ({ context }) => whole(await (await clients.get()).list(context.workspace))),
    preview: api.preview.handler(async ({ context, input }) =>
      (await clients.get()).preview(context.workspace, input.id),
    ),
    connect: api.connect.handler(async ({ context, input }) =>
      (await clients.get()).connect(context.workspace, input.id, input.revision),
    ),
    disconnect: api.disconnect.handler(async ({ context, input }) =>
      (await clients.get()).disconnect(context.workspace, input.id),
    ),
    restore: api.restore.handler(async ({ context, input }) =>
      (await clients.get()).restore(context.workspace, input.id),
    ),
    servers: api.servers.handler(async ({ context }) => whole(await (await clients.get()).servers(context.workspace))),
    import_servers: api.import_servers.handler(async ({ context, input }) => {
      const options = { removeFromClients: input.remove_from_clients }
      return whole(await (await clients.get()).importServers(context.workspace, input.servers, options))
    }),
  }
}
