import type { ToolList, UpstreamTool } from '../upstream/tool-list.ts'
import type { Text } from './list-bytes.ts'
import { NamedLists } from './named-lists.ts'
import { nameInGateway } from './names.ts'
import { RenamedText } from './renamed-text.ts'

/** A tool of one integration under its gateway name. */
export interface NamedTool {
  tool: UpstreamTool
  gatewayName: string
  /** The definition with the gateway name in place of its own. */
  text: Text
}

export class NamedTools extends NamedLists<ToolList, NamedTool> {
  constructor() {
    super((slug, { tools }) => tools.map((tool) => nameTool(slug, tool)))
  }
}

function nameTool(slug: string, tool: UpstreamTool): NamedTool {
  const gatewayName = nameInGateway(slug, tool.name)
  return { tool, gatewayName, text: new RenamedText(tool, 'name', gatewayName) }
}
