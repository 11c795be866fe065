import type { RestTool } from '../../shared/contract/rest.ts'
import { ListBuilder } from '../upstream/list-builder.ts'
import { emptyOffer, type Offer } from '../upstream/offer.ts'
import type { OwnToolDefinition } from '../upstream/own-tools.ts'
import { ToolList, toolRules } from '../upstream/tool-list.ts'
import { definitionOf } from './tool-definition.ts'

/** What agents see of a REST API: its tools, those included that are code of Gatehouse. */
export function offerOf(tools: readonly RestTool[], own: readonly OwnToolDefinition[] = []): Offer {
  const builder = new ListBuilder(toolRules())
  const page = { tools: [...tools.map(definitionOf), ...own] }
  builder.addPage(Buffer.from(JSON.stringify(page)), page)
  return { ...emptyOffer, capabilities: { tools: {} }, tools: new ToolList(builder.build()) }
}
