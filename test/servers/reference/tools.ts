import { setTimeout as delay } from 'node:timers/promises'
import { fromJsonSchema, type McpServer, type ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { PNG, text, WAV } from './samples.ts'
import type { ReferenceState } from './state.ts'

/** Long enough that two messages are two events for the client. */
const BETWEEN_MESSAGES_MS = 50

/** Tools that answer out of themselves. The first one takes no arguments: the suite calls the first tool of the list. */
export function registerTools(server: McpServer, state: ReferenceState): void {
  registerContent(server)
  registerMessages(server)
  registerSchemas(server)
  registerChanges(server, state)
}

function registerContent(server: McpServer): void {
  server.registerTool('test_simple_text', { description: 'Gives a text' }, () =>
    text('This is a simple text response for testing.'),
  )
  server.registerTool('test_image_content', { description: 'Gives a picture' }, () => ({
    content: [{ type: 'image', data: PNG, mimeType: 'image/png' }],
  }))
  server.registerTool('test_audio_content', { description: 'Gives a sound' }, () => ({
    content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  }))
  server.registerTool('test_embedded_resource', { description: 'Gives a resource' }, () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }))
  server.registerTool('test_multiple_content_types', { description: 'Gives a text, a picture and a resource' }, () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: PNG, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: JSON.stringify({ test: 'data', value: 123 }),
        },
      },
    ],
  }))
  server.registerTool('test_error_handling', { description: 'Always fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing')
  })
}

function registerMessages(server: McpServer): void {
  server.registerTool('test_tool_with_logging', { description: 'Logs three times' }, async (context) => {
    await say(context, 'Tool execution started')
    await delay(BETWEEN_MESSAGES_MS)
    await say(context, 'Tool processing data')
    await delay(BETWEEN_MESSAGES_MS)
    await say(context, 'Tool execution completed')
    return text('Logged three messages')
  })
  server.registerTool('test_logging_tool', { description: 'Logs once' }, async (context) => {
    await say(context, 'One message')
    return text('Logged one message')
  })
  server.registerTool('test_tool_with_progress', { description: 'Tells its progress' }, async (context) => {
    await tellProgress(context, 0)
    await delay(BETWEEN_MESSAGES_MS)
    await tellProgress(context, 50)
    await delay(BETWEEN_MESSAGES_MS)
    await tellProgress(context, 100)
    return text('Done')
  })
  server.registerTool(
    'test_reconnection',
    { description: 'Closes the stream of its own call before the answer, which is there after a reconnection' },
    async (context) => {
      await say(context, 'The stream is about to close')
      context.http?.closeSSE?.()
      await delay(BETWEEN_MESSAGES_MS)
      return text('Reconnected')
    },
  )
}

async function say(context: ServerContext, message: string): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- logging is what is to be tested
  await context.mcpReq.log('info', message)
}

async function tellProgress(context: ServerContext, progress: number): Promise<void> {
  const progressToken = context.mcpReq._meta?.progressToken
  if (progressToken === undefined) return
  await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } })
}

function registerSchemas(server: McpServer): void {
  server.registerTool(
    'json_schema_2020_12_tool',
    {
      description: 'Has an input schema with much of JSON Schema 2020-12 in it',
      inputSchema: fromJsonSchema({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        $defs: {
          address: {
            $anchor: 'addressDef',
            type: 'object',
            properties: { street: { type: 'string' }, city: { type: 'string' } },
          },
        },
        properties: {
          name: { type: 'string' },
          address: { $ref: '#/$defs/address' },
          contactMethod: { type: 'string', enum: ['phone', 'email'] },
          phone: { type: 'string' },
          email: { type: 'string' },
        },
        allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
        if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
        then: { required: ['phone'] },
        else: { required: ['email'] },
        additionalProperties: false,
      }),
    },
    (input) => text(JSON.stringify(input)),
  )
  server.registerTool(
    'test_x_mcp_header',
    {
      description: 'Has an argument that is repeated in a header',
      inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
    },
    ({ region }) => text(`Region: ${region}`),
  )
}

function registerChanges(server: McpServer, state: ReferenceState): void {
  server.registerTool('test_trigger_tool_change', { description: 'Adds a tool, or takes it away' }, () => {
    state.toggleTool()
    return text('The tools have changed')
  })
  server.registerTool('test_trigger_prompt_change', { description: 'Adds a prompt, or takes it away' }, () => {
    state.togglePrompt()
    return text('The prompts have changed')
  })
}
