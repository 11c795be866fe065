import { eventStream, whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

const MS_PER_S = 1000

export function integrationHandlers({ integrations: api }: Api, { integrations, trials, authorizations }: ApiServices) {
  return {
    list: api.list.handler(async ({ context }) => whole(await integrations.list(context.workspace))),
    create: api.create.handler(({ context, input }) => integrations.create(context.workspace, input)),
    get: api.get.handler(({ context, input }) => integrations.get(context.workspace, input.name)),
    update: api.update.handler(({ context, input: { name, ...changes } }) =>
      integrations.update(context.workspace, name, changes),
    ),
    remove: api.remove.handler(({ context, input }) =>
      integrations.remove(context.workspace, input.name, { undoMs: input.undo_s * MS_PER_S }),
    ),
    restore: api.restore.handler(({ context, input }) => integrations.restore(context.workspace, input.name)),
    enable: api.enable.handler(({ context, input }) => integrations.enable(context.workspace, input.name)),
    disable: api.disable.handler(({ context, input }) => integrations.disable(context.workspace, input.name)),
    restart: api.restart.handler(({ context, input }) => integrations.restart(context.workspace, input.name)),
    authorize: api.authorize.handler(({ context, input }) =>
      authorizations.authorize(context.workspace, input.name, { open: input.open }),
    ),
    cancel_authorization: api.cancel_authorization.handler(({ context, input }) =>
      authorizations.cancel(context.workspace, input.name),
    ),
    disconnect: api.disconnect.handler(({ context, input }) =>
      authorizations.disconnect(context.workspace, input.name),
    ),
    diagnose: api.diagnose.handler(({ context, input, signal }) =>
      authorizations.diagnose(context.workspace, input.name, signal),
    ),
    test: api.test.handler(({ context, input, signal }) => trials.test(context.workspace, input.name, signal)),
    test_draft: api.test_draft.handler(({ context, input, signal }) =>
      trials.testDraft(context.workspace, input, signal),
    ),
    output: api.output.handler(async ({ context, input }) =>
      whole(await integrations.output(context.workspace, input.name)),
    ),
    follow_output: api.follow_output.handler(({ context, input, signal = new AbortController().signal }) =>
      eventStream(integrations.followOutput(context.workspace, input.name, input.after, signal)),
    ),
    process: api.process.handler(({ context, input }) => integrations.process(context.workspace, input.name)),
  }
}
