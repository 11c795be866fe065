/** Names are made once for each list an upstream gave, however often filters, profiles and catalogs change. */
export class NamedLists<List extends object, Named> {
  readonly #nameAll: (slug: string, list: List) => readonly Named[]
  readonly #bySlug = new WeakMap<List, Map<string, readonly Named[]>>()

  /** `nameAll`: what the items of a list are called, for the integration with this slug. */
  constructor(nameAll: (slug: string, list: List) => readonly Named[]) {
    this.#nameAll = nameAll
  }

  of(slug: string, list: List): readonly Named[] {
    let known = this.#bySlug.get(list)
    if (known === undefined) this.#bySlug.set(list, (known = new Map<string, readonly Named[]>()))
    let named = known.get(slug)
    if (named === undefined) known.set(slug, (named = this.#nameAll(slug, list)))
    return named
  }
}
