import type { ToolList, UpstreamTool } from '../upstream/tool-list.ts'
import type { Text } from './list-bytes.ts'
import { nameInGateway } from './names.ts'
import { RenamedText } from './renamed-text.ts'

/** A tool of one integration under its gateway name. */
export interface NamedTool {
  tool: UpstreamTool
  gatewayName: string
  /** The definition with the gateway name in place of its own. */
  text: Text
}

/** Names are made once for each list an upstream gave, however often filters and profiles change. */
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
  return { tool, gatewayName, text: new RenamedText(tool, 'name', gatewayName) }
}
