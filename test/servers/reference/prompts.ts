import { completable, inputRequired, inputResponse, type McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { PNG } from './samples.ts'

const user = <Content>(content: Content) => ({ role: 'user' as const, content })
const text = (value: string) => ({ type: 'text' as const, text: value })
const suggestions = ['test', 'testing', 'tested', 'paris', 'park', 'party']

export function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'A prompt without arguments' }, () => ({
    messages: [user(text('This is a simple prompt for testing.'))],
  }))
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'A prompt with two arguments',
      argsSchema: z.object({
        arg1: completable(z.string().describe('First test argument'), (value) =>
          suggestions.filter((suggestion) => suggestion.startsWith(value)),
        ),
        arg2: z.string().describe('Second test argument'),
      }),
    },
    ({ arg1, arg2 }) => ({ messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }),
  )
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    {
      description: 'A prompt with a resource in it',
      argsSchema: z.object({ resourceUri: z.string().describe('URI of the resource') }),
    },
    ({ resourceUri }) => ({
      messages: [
        user({
          type: 'resource' as const,
          resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        }),
        user(text('Please process the embedded resource above.')),
      ],
    }),
  )
  server.registerPrompt('test_prompt_with_image', { description: 'A prompt with a picture in it' }, () => ({
    messages: [
      user({ type: 'image' as const, data: PNG, mimeType: 'image/png' }),
      user(text('Please analyze the image above.')),
    ],
  }))
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'A prompt that first asks the user' },
    (context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'user_context')
      if (answer.kind === 'elicit') {
        return { messages: [user(text(`Use this context: ${JSON.stringify(answer.content ?? {})}`))] }
      }
      const user_context = inputRequired.elicit({
        message: 'What context should the prompt use?',
        requestedSchema: { type: 'object', properties: { context: { type: 'string' } }, required: ['context'] },
      })
      return inputRequired({ inputRequests: { user_context } })
    },
  )
}
