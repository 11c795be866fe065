import { withMember } from '../base/json-splice.ts'
import type { ToolList, UpstreamTool } from '../upstream/tool-list.ts'
import { nameInGateway } from './names.ts'

/** A tool of one integration under its gateway name. */
export interface NamedTool {
  tool: UpstreamTool
  gatewayName: string
  /** The definition with the gateway name in place of its own, every other byte as the upstream sent it. */
  text: Buffer
}

/** Definitions are spliced once for each list an upstream gave, however often filters and profiles change. */
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

function nameTool(slug: string, tool: UpstreamTool): NamedTool {
  const gatewayName = nameInGateway(slug, tool.name)
  return { tool, gatewayName, text: withMember(Buffer.from(tool.text), 'name', JSON.stringify(gatewayName)) }
}
