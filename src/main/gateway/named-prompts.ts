import { withMember } from '../base/json-splice.ts'
import type { ItemList } from '../upstream/offer.ts'
import { nameInGateway } from './names.ts'

/** A prompt of one integration under its gateway name. */
export interface NamedPrompt {
  /** Its own name. */
  name: string
  gatewayName: string
  /** The definition with the gateway name in place of its own, every other byte as the upstream sent it. */
  text: Buffer
}

/** Definitions are spliced once for each list an upstream gave, however often the catalog is built anew. */
export class NamedPrompts {
  readonly #bySlug = new WeakMap<ItemList, Map<string, readonly NamedPrompt[]>>()

  of(slug: string, list: ItemList): readonly NamedPrompt[] {
    let known = this.#bySlug.get(list)
    if (known === undefined) this.#bySlug.set(list, (known = new Map<string, readonly NamedPrompt[]>()))
    let named = known.get(slug)
    if (named === undefined) {
      named = list.items.map(({ key, text }) => {
        const name = nameInGateway(slug, key)
        return { name: key, gatewayName: name, text: withMember(Buffer.from(text), 'name', JSON.stringify(name)) }
      })
      known.set(slug, named)
    }
    return named
  }
}
