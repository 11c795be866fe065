import { z } from 'zod'
import { operation, page } from './operation.ts'

/** What the filter says about a tool: `enabled_tools` is an allowlist (empty: all), then `disabled_tools` blocks. */
export const ToolState = z.enum(['allowed', 'not_in_enabled_tools', 'in_disabled_tools'])
export type ToolState = z.infer<typeof ToolState>

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
  annotations: z.record(z.string(), z.unknown()),
  state: ToolState,
})
export type Tool = z.infer<typeof Tool>

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
  list: operation
    .route({ method: 'GET', path: '/tools', summary: 'The tools that the gateway serves' })
    .input(z.strictObject({ query: z.string().max(500).optional(), integration: z.string().optional() }))
    .output(page(Tool)),
  call: operation
    .route({ method: 'POST', path: '/tools/call', summary: 'Call a tool by its gateway name; answers the MCP result' })
    .input(z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) }))
    .output(ToolCallResult),
}
