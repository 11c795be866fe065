import { AppError } from '../../base/app-error.ts'
import { isObject } from '../../base/is-object.ts'
import { messageOf } from '../../base/message-of.ts'
import { whole, type Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

export function toolHandlers({ tools: api }: Api, { integrations, gateway }: ApiServices) {
  return {
    of_integration: api.of_integration.handler(async ({ context, input }) => {
      const known = await integrations.filteredTools(context.workspace, input.name)
      return whole(await gateway.toolsOf(context.workspace, known))
    }),
    approve: api.approve.handler(({ context, input: { name, ...approval } }) =>
      integrations.approveTools(context.workspace, name, approval),
    ),
    get: api.get.handler(({ context, input }) => gateway.tool(context.workspace, input.gateway_name)),
    list: api.list.handler(async ({ context, input }) => whole(await gateway.listTools(context.workspace, input))),
    call: api.call.handler(({ context, input, signal }) =>
      gateway.callTool(context.workspace, input.name, input.arguments, signal),
    ),
    run: api.run.handler(({ context, input, signal }) => {
      const { name, arguments_json: json } = input
      const args = json === undefined ? input.arguments : readArguments(json)
      return gateway.runTool(context.workspace, name, args, signal, json)
    }),
  }
}

function readArguments(json: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw notAnObject(messageOf(cause))
  }
  if (!isObject(value)) throw notAnObject('It is another value')
  return value
}

function notAnObject(reason: string): AppError {
  const message = `The arguments must be a JSON object: ${reason}.`
  return new AppError('invalid_input', { message, details: [{ path: 'arguments_json', message }] })
}
