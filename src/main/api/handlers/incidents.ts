import { whole, type Api, type ApiContext } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

export function incidentHandlers(
  { incidents: api, events, hook_tokens }: Api,
  { incidents, hookTokens }: Pick<ApiServices, 'incidents' | 'hookTokens'>,
) {
  return {
    incidents: {
      list: api.list.handler(({ context, input: { limit, cursor, ...filter } }) =>
        incidents.list(context.workspace, filter, { limit, cursor }),
      ),
      get: api.get.handler(({ context, input }) => incidents.get(context.workspace, input.id)),
      update: api.update.handler(({ context, input: { id, ...changes } }) =>
        incidents.update(context.workspace, id, changes, originOf(context)),
      ),
      acknowledge: api.acknowledge.handler(({ context, input }) =>
        incidents.acknowledge(context.workspace, input.id, input.note, originOf(context)),
      ),
      resolve: api.resolve.handler(({ context, input }) =>
        incidents.resolve(context.workspace, input.id, input.note, originOf(context)),
      ),
    },
    events: {
      list: events.list.handler(({ context, input: { limit, cursor, ...filter } }) =>
        incidents.events(context.workspace, filter, { limit, cursor }),
      ),
      create: events.create.handler(({ context, input }) =>
        incidents.report(context.workspace, input, originOf(context)),
      ),
    },
    hook_tokens: {
      list: hook_tokens.list.handler(async ({ context }) => whole(await hookTokens.list(context.workspace))),
      create: hook_tokens.create.handler(({ context, input }) => hookTokens.create(context.workspace, input.name)),
      remove: hook_tokens.remove.handler(({ context, input }) => hookTokens.remove(context.workspace, input.id)),
    },
  }
}

/** A person by the window, the browser or the command line, or a program. */
function originOf({ actor }: Pick<ApiContext, 'actor'>): 'console' | 'api' {
  return actor === 'api' ? 'api' : 'console'
}
