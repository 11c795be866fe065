import { whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

export function setupHandlers(
  { setup: api, prometheus: prometheusApi }: Api,
  { setup, prometheus }: Pick<ApiServices, 'setup' | 'prometheus'>,
) {
  return {
    setup: {
      get: api.get.handler(async ({ context, input }) => (await setup.get()).get(context.workspace, input.name)),
      apply: api.apply.handler(async ({ context, input, signal }) =>
        (await setup.get()).apply(context.workspace, input, signal),
      ),
      verify: api.verify.handler(async ({ context, input, signal }) =>
        (await setup.get()).verify(context.workspace, input.name, signal),
      ),
      forget: api.forget.handler(async ({ context, input }) =>
        (await setup.get()).forget(context.workspace, input.name),
      ),
    },
    prometheus: {
      status: prometheusApi.status.handler(async ({ context }) => (await prometheus.get()).status(context.workspace)),
      poll: prometheusApi.poll.handler(async ({ context, signal }) =>
        (await prometheus.get()).poll(context.workspace, signal),
      ),
      queries: prometheusApi.queries.handler(async ({ context }) =>
        whole(await (await prometheus.get()).queries(context.workspace)),
      ),
      create_query: prometheusApi.create_query.handler(async ({ context, input }) =>
        (await prometheus.get()).createQuery(context.workspace, input),
      ),
      update_query: prometheusApi.update_query.handler(async ({ context, input: { id, ...changes } }) =>
        (await prometheus.get()).updateQuery(context.workspace, id, changes),
      ),
      remove_query: prometheusApi.remove_query.handler(async ({ context, input }) =>
        (await prometheus.get()).removeQuery(context.workspace, input.id),
      ),
      series: prometheusApi.series.handler(async ({ context, input: { id, ...wanted } }) =>
        (await prometheus.get()).series(context.workspace, id, wanted),
      ),
    },
  }
}
