import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { operation, page } from './operation.ts'

/**
 * Why an agent sees a tool or not: `enabled_tools` is an allowlist (empty: all), then `disabled_tools` blocks. `held`: its
 * server changed it, or added it, and nobody has approved that yet. The last two occur only in `GET /tools`: the profile of the agent that was asked for leaves it out; its integration is disabled.
 */
export const ToolState = z.enum([
  'allowed',
  'not_in_enabled_tools',
  'in_disabled_tools',
  'held',
  'not_in_profile',
  'integration_disabled',
])
export type ToolState = z.infer<typeof ToolState>

/** How a tool differs from what was approved: lines for a red and green diff. */
export const ToolChange = z.object({
  /** `new`: nobody has approved a tool of this name yet. It is served, unless an approved one is missing: it may be that one renamed. */
  kind: z.enum(['changed', 'new']),
  /** Agents do not get it until it is approved, whatever the filter says. */
  held: z.boolean(),
  /** Of the definition that waits: given back at approval, it keeps another one from being approved unseen. */
  sha256: z.string(),
  /** Name, title, description, schemas and annotations as they were approved, one member after the other. */
  before: z.string().nullable(),
  after: z.string(),
})
export type ToolChange = z.infer<typeof ToolChange>

/** Something in the texts of a tool that a person should look at. It blocks nothing. */
export const ToolFlag = z.object({
  /** `hidden_characters`: zero-width, direction or tag characters. `names_other_tool`: a tool of another integration. */
  kind: z.enum(['hidden_characters', 'long_description', 'names_other_tool']),
  /** For a person. */
  message: z.string(),
})
export type ToolFlag = z.infer<typeof ToolFlag>

export const Tool = z.object({
  /** The upstream's own name. */
  name: z.string(),
  /** The name in the gateway: `<slug>__<tool>` after the name rule. */
  gateway_name: z.string(),
  integration: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  /** As the upstream sent it, loose: it may be broken. */
  input_schema: z.unknown(),
  /** Of `structuredContent`; as loose as the other, absent where the tool has none. */
  output_schema: z.unknown().optional(),
  /** About what its definition costs in an agent's context: a quarter of its bytes. */
  tokens: z.int().nonnegative(),
  annotations: z.record(z.string(), z.unknown()),
  state: ToolState,
  /** Null: it is as it was approved. Else it waits for approval, whatever its state says. */
  change: ToolChange.nullable(),
  flags: z.array(ToolFlag),
})
export type Tool = z.infer<typeof Tool>

/** A tool in a long list: everything but its schemas and what changed in them. */
export const ToolSummary = Tool.omit({ input_schema: true, output_schema: true, change: true })
export type ToolSummary = z.infer<typeof ToolSummary>

/** An MCP `notifications/progress` (2025-11-25, utilities/progress). */
export const ToolProgress = z.object({
  progress: z.number(),
  total: z.number().nullable(),
  message: z.string().nullable(),
})
export type ToolProgress = z.infer<typeof ToolProgress>

/** How one call ended, for a person who tries a tool. An answer of the tool that says `isError` is a result as well. */
export const ToolRun = z.object({
  /** Exactly one of the two is not null. */
  result: z.looseObject({}).nullable(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).nullable(),
  /** `result` as the integration wrote it, where that differs: JavaScript rounds large numbers. */
  result_json: z.string().nullable(),
  duration_ms: z.number(),
  request_bytes: z.int().nonnegative(),
  response_bytes: z.int().nonnegative(),
})
export type ToolRun = z.infer<typeof ToolRun>

const ToolCall = z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) })

/** `arguments_json` stands instead of `arguments`: the integration gets exactly this text, large numbers included. */
const FollowedToolCall = ToolCall.extend({ arguments_json: z.string().optional() })

/** An MCP `CallToolResult` (2025-11-25, server/tools), passed on as it came. */
const ToolCallResult = z.looseObject({})

export const tools = {
  of_integration: operation
    .route({
      method: 'GET',
      path: '/integrations/{name}/tools',
      summary: 'The tools of one integration with their state, from the last known list',
    })
    .input(z.strictObject({ name: z.string() }))
    .output(page(Tool)),
  approve: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/tools/approve',
      successStatus: 204,
      summary: 'Approve tools as their server describes them now: those named, or all that wait for it',
    })
    .input(
      z.strictObject({
        name: z.string(),
        /** The tools' own names. */
        names: z.array(z.string()).max(100_000).optional(),
        /** What was looked at, by tool (`change.sha256`): nothing is approved where one of them is another by now. */
        seen: z.record(z.string(), z.string()).optional(),
      }),
    )
    .output(z.void()),
  get: operation
    .route({ method: 'GET', path: '/tools/{gateway_name}', summary: 'One tool of the gateway, with its schema' })
    .input(z.strictObject({ gateway_name: z.string() }))
    .output(Tool),
  list: operation
    .route({
      method: 'GET',
      path: '/tools',
      summary: 'The tools that the gateway serves; with `hidden` also the others, each with its reason',
    })
    .input(
      z.strictObject({
        query: z.string().max(500).optional(),
        integration: z.string().optional(),
        /** Id of an agent: as its profile shows them. */
        agent: z.string().optional(),
        hidden: z.stringbool().or(z.boolean()).default(false),
      }),
    )
    .output(page(ToolSummary)),
  call: operation
    .route({ method: 'POST', path: '/tools/call', summary: 'Call a tool by its gateway name; answers the MCP result' })
    .input(ToolCall)
    .output(ToolCallResult),
  run: operation
    .route({
      method: 'POST',
      path: '/tools/run',
      summary: 'Call a tool and follow it: server-sent events of its progress, then how it ended; leaving cancels it',
    })
    .input(FollowedToolCall)
    .output(eventIterator(ToolProgress, ToolRun)),
}
