import { z } from 'zod'
import { spanOf, type Span } from '../base/json-members.ts'
import type { Message } from './message.ts'

export const CALL_TOOL = 'call_tool'

const Arguments = z.strictObject({ name: z.string(), arguments: z.looseObject({}).optional() })

/** How `call_tool` stands in the list of lazy mode. No annotations: what it does is what the tool does. */
export const CALL_TOOL_DEFINITION = Buffer.from(
  JSON.stringify({
    name: CALL_TOOL,
    title: 'Call a tool',
    description:
      'Call a tool that discover_tools found, by its name. Ask discover_tools with "detail": "schema" for the arguments ' +
      'that it takes. The answer is that of the tool.',
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'Name of the tool, as discover_tools gave it.' },
        arguments: { type: 'object', description: "The tool's own arguments.", additionalProperties: true },
      },
      required: ['name'],
      additionalProperties: false,
    },
  }),
)

/** The call inside a call of `call_tool`: a name, and where its arguments stand in the message; null: it has none. */
export interface InnerCall {
  name: string
  argumentsSpan: Span | null
}

/** Reads the call inside; a text when its arguments are not those of `call_tool`. */
export function readInnerCall({ bytes, params, paramsSpan }: Message): InnerCall | string {
  const parsed = Arguments.safeParse(params.arguments ?? {})
  if (!parsed.success) {
    const keys = 'Give the name of a tool as "name" and all of its own arguments as an object in "arguments".'
    return `Invalid arguments: ${z.prettifyError(parsed.error)}\n${keys}`
  }
  const outer = spanOf(bytes, 'arguments', paramsSpan?.[0])
  const inner = outer && spanOf(bytes, 'arguments', outer[0])
  return { name: parsed.data.name, argumentsSpan: inner ?? null }
}
