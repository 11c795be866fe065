import type { Tool } from '../../shared/contract/tools.ts'
import { compileToolFilter } from '../../shared/tool-filter.ts'
import { members } from '../base/json-members.ts'
import type { FilteredTools, ServedIntegration } from '../integrations/served-integration.ts'
import type { ToolList, UpstreamTool } from '../upstream/tool-list.ts'
import { isObject } from './message.ts'
import { gatewayToolName } from './names.ts'
import { ToolSearch } from './tool-search.ts'

/** Where a call goes: looked up by name, never parsed out of it. */
export interface Route {
  integration: ServedIntegration
  tool: UpstreamTool
  gatewayName: string
}

/** One list of tools that agents can see, ready to be sent, and the way to each of them. */
export interface View {
  /** JSON text of the tools array. */
  tools: Buffer
  routes: ReadonlyMap<string, Route>
}

/** A tool of one integration under its gateway name. */
interface NamedTool {
  tool: UpstreamTool
  gatewayName: string
  /** The definition with the gateway name in place of its own, every other byte as the upstream sent it. */
  text: Buffer
}

/** Definitions are spliced once for each list an upstream gave, however often filters change. */
export class NamedTools {
  readonly #bySlug = new WeakMap<ToolList, Map<string, readonly NamedTool[]>>()

  of(slug: string, list: ToolList): readonly NamedTool[] {
    let known = this.#bySlug.get(list)
    if (known === undefined) this.#bySlug.set(list, (known = new Map<string, readonly NamedTool[]>()))
    let named = known.get(slug)
    if (named === undefined) known.set(slug, (named = list.tools.map((tool) => nameTool(slug, tool))))
    return named
  }
}

/** What one workspace serves at one moment. Immutable: a change makes a new one. */
export class Catalog {
  /** Ordered by slug. */
  readonly integrations: readonly ServedIntegration[]
  /** The list of `/mcp`: every allowed tool under its gateway name, and the gateway's own tools. */
  readonly all: View
  readonly #names: NamedTools
  readonly #bySlug = new Map<string, View>()
  #search: ToolSearch | undefined

  constructor(served: readonly ServedIntegration[], names: NamedTools, ownTools: readonly Buffer[]) {
    this.integrations = served.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
    this.#names = names
    const routes = new Map<string, Route>()
    const texts = [...ownTools]
    for (const integration of this.integrations) {
      for (const { tool, gatewayName, text } of this.#allowed(integration)) {
        if (routes.has(gatewayName)) continue
        routes.set(gatewayName, { integration, tool, gatewayName })
        texts.push(text)
      }
    }
    this.all = { tools: jsonArray(texts), routes }
  }

  /** The list of `/mcp/<slug>`: the upstream's own names. Undefined when nothing with this slug is served. */
  of(slug: string): View | undefined {
    const known = this.#bySlug.get(slug)
    if (known !== undefined) return known
    const integration = this.integration(slug)
    if (integration === undefined) return undefined
    const allowed = this.#allowed(integration)
    const routes = new Map(allowed.map(({ tool, gatewayName }) => [tool.name, { integration, tool, gatewayName }]))
    const view = { tools: jsonArray(allowed.map(({ tool }) => Buffer.from(tool.text))), routes }
    this.#bySlug.set(slug, view)
    return view
  }

  integration(slug: string): ServedIntegration | undefined {
    return this.integrations.find((candidate) => candidate.slug === slug)
  }

  /** The index of `discover_tools`, made when it is first asked for. */
  get search(): ToolSearch {
    return (this.#search ??= new ToolSearch([...this.all.routes.values()]))
  }

  #allowed(integration: ServedIntegration): readonly NamedTool[] {
    const filter = compileToolFilter(integration.enabledTools, integration.disabledTools)
    const named = this.#names.of(integration.slug, integration.upstream.tools)
    return named.filter(({ tool }) => filter.stateOf(tool.name) === 'allowed')
  }
}

/** Every tool of an integration with what the filter says of it, for the console; it need not be served. */
export function toolStates({ slug, enabledTools, disabledTools, tools }: FilteredTools): Tool[] {
  const filter = compileToolFilter(enabledTools, disabledTools)
  return tools.tools.map((tool) => {
    const gatewayName = gatewayToolName(slug, tool.name)
    return describeTool({ integration: { slug }, tool, gatewayName }, filter.stateOf(tool.name))
  })
}

/** A tool that is in the list of the gateway. */
export function describeRoute(route: Route): Tool {
  return describeTool(route, 'allowed')
}

function describeTool(
  { integration, tool, gatewayName }: Omit<Route, 'integration'> & { integration: { slug: string } },
  state: Tool['state'],
): Tool {
  const { title, description, inputSchema, annotations } = tool.definition
  const hints = isObject(annotations) ? annotations : {}
  const heading = [title, hints.title].find((text) => typeof text === 'string')
  return {
    name: tool.name,
    gateway_name: gatewayName,
    integration: integration.slug,
    title: heading ?? null,
    description: typeof description === 'string' ? description : '',
    input_schema: inputSchema,
    annotations: hints,
    state,
  }
}

function nameTool(slug: string, tool: UpstreamTool): NamedTool {
  const gatewayName = gatewayToolName(slug, tool.name)
  const bytes = Buffer.from(tool.text)
  const span = members(bytes).get('name')
  if (span === undefined) return { tool, gatewayName, text: bytes }
  const name = Buffer.from(JSON.stringify(gatewayName))
  return { tool, gatewayName, text: Buffer.concat([bytes.subarray(0, span[0]), name, bytes.subarray(span[1])]) }
}

function jsonArray(texts: readonly Buffer[]): Buffer {
  const comma = Buffer.from(',')
  const parts = texts.flatMap((text, index) => (index === 0 ? [text] : [comma, text]))
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')])
}
