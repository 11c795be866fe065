import { z } from 'zod'
import type { ServedIntegration } from '../integrations/served-integration.ts'
import type { Catalog } from './catalog.ts'
import { failure, success, type ToolResult } from './tool-result.ts'
import type { Route } from './view.ts'

export const DISCOVER_TOOLS = 'discover_tools'

const DEFAULT_LIMIT = 20
const MOST_TOOLS = 100
const SUMMARY_LENGTH = 200

const Arguments = z.strictObject({
  query: z.string().max(500).optional(),
  integration: z.string().max(100).optional(),
  limit: z.int().min(1).max(MOST_TOOLS).default(DEFAULT_LIMIT),
  detail: z.enum(['names', 'summary', 'schema']).default('summary'),
})
type Arguments = z.output<typeof Arguments>

/** How `discover_tools` stands in the lists of `/mcp`. */
export const DISCOVER_TOOLS_DEFINITION = Buffer.from(
  JSON.stringify({
    name: DISCOVER_TOOLS,
    title: 'Discover tools',
    description:
      'Find tools of the connected integrations. With "query": the best matching tools, ranked. ' +
      'Without: every integration with its state and number of tools.',
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', maxLength: 500, description: 'What you want to do, or part of a tool name.' },
        integration: { type: 'string', description: 'Only tools of this integration.' },
        limit: {
          type: 'integer',
          minimum: 1,
          maximum: MOST_TOOLS,
          default: DEFAULT_LIMIT,
          description: 'At most this many tools.',
        },
        detail: {
          type: 'string',
          enum: ['names', 'summary', 'schema'],
          default: 'summary',
          description: 'How much to tell of each tool.',
        },
      },
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }),
)

/** Answers `discover_tools` from the catalog alone: it never waits for an upstream. */
export async function discoverTools(catalog: Catalog, input: unknown): Promise<ToolResult> {
  const parsed = Arguments.safeParse(input ?? {})
  if (!parsed.success) return failure(`Invalid arguments: ${z.prettifyError(parsed.error)}`)
  const { query, integration, limit } = parsed.data
  if (integration !== undefined && catalog.integration(integration) === undefined) {
    const known = catalog.integrations.map(({ slug }) => slug).join(', ')
    return failure(`There is no integration "${integration}". Available: ${known === '' ? 'none' : known}.`)
  }
  const wanted = query?.trim() ?? ''
  if (wanted !== '') {
    return success({ tools: describe(await catalog.search(wanted, limit, integration), parsed.data) })
  }
  if (integration === undefined) return success(overview(catalog))
  const tools = [...catalog.all.routes.values()].filter((route) => route.integration.slug === integration)
  return success({ tools: describe(tools.slice(0, limit), parsed.data), total: tools.length })
}

function overview(catalog: Catalog): object {
  const counts = new Map<string, number>()
  for (const { integration } of catalog.all.routes.values()) {
    counts.set(integration.slug, (counts.get(integration.slug) ?? 0) + 1)
  }
  const integrations = catalog.integrations.map((integration) => ({
    ...describeIntegration(integration),
    tools: counts.get(integration.slug) ?? 0,
  }))
  return { integrations, total_tools: catalog.all.routes.size }
}

function describeIntegration({ slug, displayName, description, upstream }: ServedIntegration): object {
  const { state, error } = upstream.connection
  return {
    integration: slug,
    ...(displayName === '' || displayName === slug ? {} : { title: displayName }),
    ...(description === '' ? {} : { description: shorten(description) }),
    state,
    ...(error === null ? {} : { error: error.message }),
  }
}

function describe(routes: readonly Route[], { detail }: Arguments): (string | object)[] {
  if (detail === 'names') return routes.map(({ gatewayName }) => gatewayName)
  return routes.map(({ gatewayName, integration, tool }) => {
    const { title, description, inputSchema } = tool.definition
    const text = typeof description === 'string' ? description : ''
    return {
      name: gatewayName,
      integration: integration.slug,
      ...(typeof title === 'string' ? { title } : {}),
      description: detail === 'schema' ? text : shorten(text),
      ...(detail === 'schema' ? { input_schema: inputSchema } : {}),
    }
  })
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length <= SUMMARY_LENGTH ? line : `${line.slice(0, SUMMARY_LENGTH - 1).trimEnd()}…`
}
