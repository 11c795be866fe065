import type { ItemList, ListedItem } from '../upstream/offer.ts'
import type { Text } from './list-bytes.ts'
import { NamedLists } from './named-lists.ts'
import { nameInGateway } from './names.ts'
import { RenamedText } from './renamed-text.ts'

/** A prompt of one integration under its gateway name. */
export interface NamedPrompt {
  /** Its own name. */
  name: string
  gatewayName: string
  /** The definition with the gateway name in place of its own. */
  text: Text
}

export class NamedPrompts extends NamedLists<ItemList, NamedPrompt> {
  constructor() {
    super((slug, { items }) => items.map((item) => namePrompt(slug, item)))
  }
}

function namePrompt(slug: string, item: ListedItem): NamedPrompt {
  const gatewayName = nameInGateway(slug, item.key)
  return { name: item.key, gatewayName, text: new RenamedText(item, 'name', gatewayName) }
}
