import { eventStream, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

/** What happened: the call log and the audit. */
export function recordHandlers(api: Api, { calls, audit }: ApiServices) {
  return {
    calls: {
      list: api.calls.list.handler(({ context, input: { limit, cursor, ...filter } }) =>
        calls.list(context.workspace, filter, { limit, cursor }),
      ),
      get: api.calls.get.handler(({ context, input }) => calls.get(context.workspace, input.id)),
      follow: api.calls.follow.handler(({ context, input, signal = new AbortController().signal }) =>
        eventStream(calls.follow(context.workspace, input, signal)),
      ),
      stats: api.calls.stats.handler(({ context, input }) => calls.stats(context.workspace, input.integration)),
      clear: api.calls.clear.handler(({ context }) => calls.clear(context.workspace)),
    },
    audit: {
      list: api.audit.list.handler(({ context, input }) => audit.list(context.workspace, input)),
    },
  }
}
