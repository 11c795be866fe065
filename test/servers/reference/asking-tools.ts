import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { stateCodec } from './request-state.ts'
import { text } from './samples.ts'

/**
 * Tools that ask their client for something. Each is written once: to a modern client the SDK answers `input_required`, a
 * legacy one gets real requests.
 */
export function registerAskingTools(server: McpServer): void {
  registerSampling(server)
  registerElicitation(server)
  registerSingleQuestions(server)
  registerStatefulQuestions(server)
  registerCapabilityTools(server)
}

type ElicitParams = Parameters<typeof inputRequired.elicit>[0]

/** Asks one question; afterwards tells what was answered. */
function elicitOnce(context: ServerContext, key: string, question: ElicitParams, prefix: string) {
  const answer = inputResponse(context.mcpReq.inputResponses, key)
  if (answer.kind !== 'elicit') return inputRequired({ inputRequests: { [key]: inputRequired.elicit(question) } })
  return text(`${prefix}: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`)
}

const question = (message: string, name: string): ElicitParams => ({
  message,
  requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } }, required: [name] },
})

const sampling = (content: string) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: content } }],
    maxTokens: 100,
  })

function registerSampling(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the language model of its client', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'sample')
      if (answer.kind !== 'sampling') return inputRequired({ inputRequests: { sample: sampling(prompt) } })
      return text(`LLM response: ${JSON.stringify(answer.result.content)}`)
    },
  )
}

function registerElicitation(server: McpServer): void {
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the user', inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) =>
      elicitOnce(
        context,
        'user',
        {
          message,
          requestedSchema: {
            type: 'object',
            properties: {
              username: { type: 'string', description: "User's response" },
              email: { type: 'string', description: "User's email address" },
            },
            required: ['username', 'email'],
          },
        },
        'User response',
      ),
  )
  server.registerTool('test_elicitation_sep1034_defaults', { description: 'Asks with default values' }, (context) =>
    elicitOnce(
      context,
      'defaults',
      {
        message: 'Please check these values',
        requestedSchema: {
          type: 'object',
          properties: {
            name: { type: 'string', default: 'John Doe' },
            age: { type: 'integer', default: 30 },
            score: { type: 'number', default: 95.5 },
            status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
            verified: { type: 'boolean', default: true },
          },
        },
      },
      'Elicitation completed',
    ),
  )
  server.registerTool('test_elicitation_sep1330_enums', { description: 'Asks with every kind of choice' }, (context) =>
    elicitOnce(
      context,
      'choices',
      {
        message: 'Please choose',
        requestedSchema: {
          type: 'object',
          properties: {
            untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
            titledSingle: { type: 'string', oneOf: titled('Option') },
            legacyEnum: {
              type: 'string',
              enum: ['opt1', 'opt2', 'opt3'],
              enumNames: ['Option One', 'Option Two', 'Option Three'],
            },
            untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
            titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
          },
        },
      },
      'Elicitation completed',
    ),
  )
  server.registerTool('test_streaming_elicitation', { description: 'Asks the user' }, (context) =>
    elicitOnce(context, 'answer', question('What now?', 'answer'), 'Answered'),
  )
}

function titled(kind: string): { const: string; title: string }[] {
  return ['First', 'Second', 'Third'].map((title, index) => ({ const: `value${index + 1}`, title: `${title} ${kind}` }))
}

function registerSingleQuestions(server: McpServer): void {
  server.registerTool('test_input_required_result_elicitation', { description: 'Asks for a name' }, (context) => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'user_name')
    if (answer.kind !== 'elicit') {
      const asked = inputRequired.elicit(question('What is your name?', 'name'))
      return inputRequired({ inputRequests: { user_name: asked } })
    }
    return text(`Hello, ${JSON.stringify(answer.content?.name ?? answer.action)}!`)
  })
  server.registerTool('test_input_required_result_sampling', { description: 'Asks a language model' }, (context) => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'capital_question')
    if (answer.kind !== 'sampling') {
      return inputRequired({ inputRequests: { capital_question: sampling('What is the capital of France?') } })
    }
    return text(`The model said: ${JSON.stringify(answer.result.content)}`)
  })
  server.registerTool('test_input_required_result_list_roots', { description: 'Asks for the roots' }, (context) => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'client_roots')
    if (answer.kind !== 'roots') return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
    return text(`Roots: ${answer.roots.map((root) => root.uri).join(', ')}`)
  })
}

function registerStatefulQuestions(server: McpServer): void {
  for (const [name, description] of [
    ['test_input_required_result_request_state', 'Asks for a confirmation, and keeps its state with the client'],
    ['test_input_required_result_tampered_state', 'The same: whoever changes the state is refused'],
  ] as const) {
    server.registerTool(name, { description }, async (context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'confirm')
      if (answer.kind === 'elicit' && context.mcpReq.requestState() !== undefined) return text('state-ok')
      const confirm = inputRequired.elicit({
        message: 'Please confirm',
        requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
      })
      return inputRequired({ inputRequests: { confirm }, requestState: await stateCodec.mint({ step: 1 }) })
    })
  }
  server.registerTool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks for three things at once' },
    async (context) => {
      const { inputResponses } = context.mcpReq
      const name = inputResponse(inputResponses, 'user_name')
      const greeting = inputResponse(inputResponses, 'greeting')
      const roots = inputResponse(inputResponses, 'client_roots')
      if (name.kind === 'elicit' && greeting.kind === 'sampling' && roots.kind === 'roots') return text('All is here')
      return inputRequired({
        inputRequests: {
          user_name: inputRequired.elicit(question('What is your name?', 'name')),
          greeting: sampling('Generate a greeting'),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await stateCodec.mint({ step: 1 }),
      })
    },
  )
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice, one after the other' },
    async (context) => {
      const { inputResponses } = context.mcpReq
      const state = context.mcpReq.requestState<{ step: number; name?: unknown }>()
      const first = inputResponse(inputResponses, 'step1')
      if (state?.step === 2 && inputResponse(inputResponses, 'step2').kind === 'elicit') return text('Both are here')
      if (state?.step === 1 && first.kind === 'elicit') {
        const step2 = inputRequired.elicit(question('Step 2: What is your favorite color?', 'color'))
        return inputRequired({ inputRequests: { step2 }, requestState: await stateCodec.mint({ step: 2 }) })
      }
      const step1 = inputRequired.elicit(question('Step 1: What is your name?', 'name'))
      return inputRequired({ inputRequests: { step1 }, requestState: await stateCodec.mint({ step: 1 }) })
    },
  )
}

function registerCapabilityTools(server: McpServer): void {
  server.registerTool('test_missing_capability', { description: 'Works only with sampling' }, (context) => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'sample')
    if (answer.kind !== 'sampling') return inputRequired({ inputRequests: { sample: sampling('Anything') } })
    return text('Sampled')
  })
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks for whatever its client can give' },
    (context) => {
      const { inputResponses } = context.mcpReq
      if (Object.keys(inputResponses ?? {}).length > 0) return text('Thank you')
      const can = capabilitiesOf(server, context)
      const asked = {
        ...(can?.sampling && { sample: sampling('Anything') }),
        ...(can?.elicitation && { name: inputRequired.elicit(question('What is your name?', 'name')) }),
      }
      return Object.keys(asked).length === 0 ? text('Nobody can be asked') : inputRequired({ inputRequests: asked })
    },
  )
}

/** Modern: declared with each request. Legacy: at the opening. */
function capabilitiesOf(server: McpServer, context: ServerContext): ClientCapabilities | undefined {
  // The SDK's type of the envelope does not name its keys.
  const envelope = context.mcpReq.envelope as { [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way on a legacy connection
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities()
}
