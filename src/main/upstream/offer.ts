import { emptyToolList, type ToolList } from './tool-list.ts'

/** One prompt, resource or resource template as its server described it. */
export interface ListedItem {
  /** What it is asked for by: `name` of a prompt, `uri` of a resource, `uriTemplate` of a template. Unique in its list. */
  key: string
  /** JSON text of the definition, byte for byte: unknown fields survive. */
  text: string
}

/** An ordered, immutable list of prompts, resources or templates. */
export interface ItemList {
  readonly items: readonly ListedItem[]
  /** JSON array text of all items: what the store keeps. */
  readonly text: string
}

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

export const emptyItemList: ItemList = { items: [], text: '[]' }

export const emptyOffer: Offer = {
  capabilities: {},
  instructions: null,
  tools: emptyToolList,
  prompts: emptyItemList,
  resources: emptyItemList,
  templates: emptyItemList,
}
