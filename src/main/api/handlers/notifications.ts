import { whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

export function notificationHandlers(
  { channels: api, rules: ruleApi, deliveries: deliveryApi }: Api,
  { channels, rules, deliveries }: Pick<ApiServices, 'channels' | 'rules' | 'deliveries'>,
) {
  return {
    channels: {
      list: api.list.handler(async ({ context }) => whole(await channels.list(context.workspace))),
      create: api.create.handler(({ context, input }) => channels.create(context.workspace, input)),
      get: api.get.handler(({ context, input }) => channels.get(context.workspace, input.id)),
      update: api.update.handler(({ context, input: { id, ...changes } }) =>
        channels.update(context.workspace, id, changes),
      ),
      remove: api.remove.handler(({ context, input }) =>
        channels.remove(context.workspace, input.id, { leaveRules: input.leave_rules }),
      ),
      test: api.test.handler(({ context, input, signal }) => channels.test(context.workspace, input.id, signal)),
      test_draft: api.test_draft.handler(({ context, input, signal }) =>
        channels.testDraft(context.workspace, input, signal),
      ),
      preview: api.preview.handler(({ context, input }) => channels.preview(context.workspace, input)),
      resume: api.resume.handler(({ context, input }) => channels.resume(context.workspace, input.id)),
      rotate_secret: api.rotate_secret.handler(({ context, input }) =>
        channels.rotateSecret(context.workspace, input.id),
      ),
      destinations: api.destinations.handler(async ({ context, input, signal }) => ({
        ...(await channels.destinations(context.workspace, input, signal)),
        next_cursor: null,
      })),
    },
    rules: {
      list: ruleApi.list.handler(async ({ context }) => whole(await rules.list(context.workspace))),
      create: ruleApi.create.handler(({ context, input }) => rules.create(context.workspace, input)),
      update: ruleApi.update.handler(({ context, input: { id, ...changes } }) =>
        rules.update(context.workspace, id, changes),
      ),
      remove: ruleApi.remove.handler(({ context, input }) => rules.remove(context.workspace, input.id)),
      test: ruleApi.test.handler(({ context, input, signal }) => rules.test(context.workspace, input.id, signal)),
      preview: ruleApi.preview.handler(({ context, input }) =>
        rules.preview(context.workspace, input.rule, input.limit),
      ),
    },
    deliveries: {
      list: deliveryApi.list.handler(({ context, input: { limit, cursor, ...filter } }) =>
        deliveries.list(context.workspace, filter, { limit, cursor }),
      ),
      get: deliveryApi.get.handler(({ context, input }) => deliveries.get(context.workspace, input.id)),
      resend: deliveryApi.resend.handler(({ context, input }) => deliveries.resend(context.workspace, input.id)),
    },
  }
}
