import { whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

export function setupHandlers(
  { setup: api, prometheus: prometheusApi }: Api,
  { setup, prometheus }: Pick<ApiServices, 'setup' | 'prometheus'>,
) {
  return {
    setup: {
      get: api.get.handler(({ context, input }) => setup.get(context.workspace, input.name)),
      apply: api.apply.handler(({ context, input, signal }) => setup.apply(context.workspace, input, signal)),
      verify: api.verify.handler(({ context, input, signal }) => setup.verify(context.workspace, input.name, signal)),
      forget: api.forget.handler(({ context, input }) => setup.forget(context.workspace, input.name)),
    },
    prometheus: {
      status: prometheusApi.status.handler(({ context }) => prometheus.status(context.workspace)),
      poll: prometheusApi.poll.handler(({ context, signal }) => prometheus.poll(context.workspace, signal)),
      queries: prometheusApi.queries.handler(async ({ context }) => whole(await prometheus.queries(context.workspace))),
      create_query: prometheusApi.create_query.handler(({ context, input }) =>
        prometheus.createQuery(context.workspace, input),
      ),
      update_query: prometheusApi.update_query.handler(({ context, input: { id, ...changes } }) =>
        prometheus.updateQuery(context.workspace, id, changes),
      ),
      remove_query: prometheusApi.remove_query.handler(({ context, input }) =>
        prometheus.removeQuery(context.workspace, input.id),
      ),
      series: prometheusApi.series.handler(({ context, input: { id, ...wanted } }) =>
        prometheus.series(context.workspace, id, wanted),
      ),
    },
  }
}
