import type { ItemList } from '../upstream/offer.ts'
import type { Text } from './list-bytes.ts'
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

/** Names are made once for each list an upstream gave, however often the catalog is built anew. */
export class NamedPrompts {
  readonly #bySlug = new WeakMap<ItemList, Map<string, readonly NamedPrompt[]>>()

  of(slug: string, list: ItemList): readonly NamedPrompt[] {
    let known = this.#bySlug.get(list)
    if (known === undefined) this.#bySlug.set(list, (known = new Map<string, readonly NamedPrompt[]>()))
    let named = known.get(slug)
    if (named === undefined) {
      named = list.items.map((item) => {
        const name = nameInGateway(slug, item.key)
        return { name: item.key, gatewayName: name, text: new RenamedText(item, 'name', name) }
      })
      known.set(slug, named)
    }
    return named
  }
}
