import { McpServer } from '@modelcontextprotocol/server'
import { registerAskingTools } from './asking-tools.ts'
import { registerPrompts } from './prompts.ts'
import { stateCodec } from './request-state.ts'
import { registerResources } from './resources.ts'
import { text } from './samples.ts'
import type { ReferenceState } from './state.ts'
import { registerTools } from './tools.ts'

/** An instance that offers all that the conformance suite calls, and a way to keep it in step with the state. */
export function buildServer(state: ReferenceState): { server: McpServer; follow: () => () => void } {
  const server = new McpServer(
    { name: 'reference-server', version: '1.0.0' },
    {
      instructions: 'A server for the conformance suite.',
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
        completions: {},
      },
      requestState: { verify: (state, context) => stateCodec.verify(state, context) },
    },
  )
  registerTools(server, state)
  registerAskingTools(server)
  registerPrompts(server)
  registerResources(server)
  // Nothing ever changes about the watched resource: it is enough to accept.
  server.server.setRequestHandler('resources/subscribe', () => ({}))
  server.server.setRequestHandler('resources/unsubscribe', () => ({}))

  const tool = server.registerTool('test_extra_tool', { description: 'Comes and goes' }, () => text('I am here'))
  const prompt = server.registerPrompt('test_extra_prompt', { description: 'Comes and goes' }, () => ({ messages: [] }))
  const adapt = () => {
    if (tool.enabled !== state.offersExtraTool) tool.update({ enabled: state.offersExtraTool })
    if (prompt.enabled !== state.offersExtraPrompt) prompt.update({ enabled: state.offersExtraPrompt })
  }
  adapt()
  return { server, follow: () => state.onChange(adapt) }
}
