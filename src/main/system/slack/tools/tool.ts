import { z } from 'zod'
import type { OwnToolDefinition, OwnToolResult } from '../../../upstream/own-tools.ts'
import type { AdapterTool } from '../../system-adapter.ts'
import { SlackClient } from '../slack-client.ts'
import { SlackProblem } from '../slack-problem.ts'

interface ToolParts<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string
  title: string
  description: string
  input: Input
  output: Output
  annotations: OwnToolDefinition['annotations']
  run: (client: SlackClient, args: z.output<Input>) => Promise<z.input<Output>>
}

/** One tool whose schemas are the ones that its arguments and answers are checked by. */
export function slackTool<Input extends z.ZodObject, Output extends z.ZodObject>({
  input,
  output,
  run,
  ...told
}: ToolParts<Input, Output>): AdapterTool {
  return {
    definition: {
      ...told,
      inputSchema: schemaOf(input, 'input'),
      outputSchema: schemaOf(output, 'output'),
    },
    async call(access, args, signal): Promise<OwnToolResult> {
      const read = input.safeParse(args)
      if (!read.success) return { text: unfitText(read.error), isError: true }
      try {
        const structured = await run(new SlackClient(access, signal), read.data)
        return { structured: output.parse(structured) }
      } catch (error) {
        // What Slack says no to is an answer that the agent can act on.
        if (error instanceof SlackProblem) return { text: access.redact(error.sentences), isError: true }
        throw error
      }
    },
  }
}

function schemaOf(shape: z.ZodObject, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io })
  return schema
}

function unfitText(error: z.ZodError): string {
  const lines = error.issues.map(({ path, message }) => `- ${path.join('.') || 'arguments'}: ${message}`)
  return `These arguments do not fit. Nothing was sent. Correct them and call again:\n${lines.join('\n')}`
}

/** Where messages are: a public or private channel, or a conversation with somebody. */
export const ChannelId = z
  .string()
  .regex(/^[CDG][A-Z0-9]{2,20}$/, 'Give the ID of a channel, such as C024BE91L; list_channels tells it.')
  .describe('ID of a channel or conversation, such as C024BE91L (list_channels tells it)')

export const Timestamp = z
  .string()
  .regex(/^\d{1,12}\.\d{1,9}$/, 'Give a timestamp of Slack, such as 1405894322.002768.')
  .describe('Timestamp that identifies a message in its channel, such as 1405894322.002768')

export const Cursor = z
  .string()
  .min(1)
  .max(1000)
  .optional()
  .describe('next_cursor of the page before; left out: the first page')

export const NextCursor = z.string().nullable().describe('Cursor of the next page; null: this is the last')

/** `response_metadata` of a page; the last one's cursor is empty, or there is none. */
export const PageEnd = {
  response_metadata: z
    .object({ next_cursor: z.string().optional() })
    .optional()
    .transform((metadata) => (metadata?.next_cursor === '' ? null : (metadata?.next_cursor ?? null))),
}
