import { emptyItemList, type ItemList } from './item-list.ts'
import { emptyToolList, type ToolList } from './tool-list.ts'

export type { ItemList } from './item-list.ts'
export type { ListedItem } from './listed-item.ts'

/** Everything that a server offers, as last known. Immutable. */
export interface Offer {
  /** Its `ServerCapabilities`, as it declared them. */
  readonly capabilities: Readonly<Record<string, unknown>>
  /** As it wrote them. Null: none. */
  readonly instructions: string | null
  readonly tools: ToolList
  readonly prompts: ItemList
  readonly resources: ItemList
  readonly templates: ItemList
}

export const emptyOffer: Offer = {
  capabilities: {},
  instructions: null,
  tools: emptyToolList,
  prompts: emptyItemList,
  resources: emptyItemList,
  templates: emptyItemList,
}
