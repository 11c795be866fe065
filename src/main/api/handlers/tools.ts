import { whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

export function toolHandlers({ tools: api }: Api, { integrations, gateway }: ApiServices) {
  return {
    of_integration: api.of_integration.handler(async ({ context, input }) => {
      const known = await integrations.filteredTools(context.workspace, input.name)
      return whole(await gateway.toolsOf(known))
    }),
    get: api.get.handler(({ context, input }) => gateway.tool(context.workspace, input.gateway_name)),
    list: api.list.handler(async ({ context, input }) => whole(await gateway.listTools(context.workspace, input))),
    call: api.call.handler(({ context, input, signal }) =>
      gateway.callTool(context.workspace, input.name, input.arguments, signal),
    ),
    run: api.run.handler(({ context, input, signal }) =>
      gateway.runTool(context.workspace, input.name, input.arguments, signal),
    ),
  }
}
