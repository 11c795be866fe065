import { isDeepStrictEqual } from 'node:util'
import { declares } from './capabilities.ts'
import type { Opening } from './negotiate.ts'
import { emptyOffer, type Offer } from './offer.ts'
import type { ListKind } from './upstream.ts'

export const LIST_KINDS = ['tools', 'prompts', 'resources', 'templates'] as const satisfies readonly ListKind[]

/** What is known of a server's offer, and what is odd about its lists. */
export class KnownOffer {
  #offer: Offer
  readonly #warnings = new Map<ListKind, readonly string[]>()

  constructor(lastKnown: Offer) {
    this.#offer = lastKnown
    this.#warnings.set('tools', lastKnown.tools.warnings)
  }

  get offer(): Offer {
    return this.#offer
  }

  /** Of all lists, a sentence each. */
  get warnings(): string[] {
    return LIST_KINDS.flatMap((kind) => this.#warnings.get(kind) ?? [])
  }

  warn(kind: ListKind, warnings: readonly string[]): void {
    this.#warnings.set(kind, warnings)
  }

  /**
   * Takes what was found out. Undefined: it was known. Otherwise the lists that differ, which are none where only the
   * capabilities or the instructions do. What stays equal stays the same object: much is made once for each list.
   */
  update(found: Partial<Offer>): ListKind[] | undefined {
    const known = this.#offer
    const kinds = LIST_KINDS.filter((kind) => {
      const list = found[kind]
      return list !== undefined && !list.bytes.equals(known[kind].bytes)
    })
    const changes: Partial<Offer> = Object.fromEntries(kinds.map((kind) => [kind, found[kind]]))
    const capabilities = found.capabilities ?? known.capabilities
    const instructions = found.instructions === undefined ? known.instructions : found.instructions
    const isSame = isDeepStrictEqual(capabilities, known.capabilities) && instructions === known.instructions
    if (kinds.length === 0 && isSame) return undefined
    this.#offer = { ...known, ...changes, ...(!isSame && { capabilities, instructions }) }
    return kinds
  }
}

/** What is known as soon as a connection is open: how the server describes itself, and that lists which it has not are empty. */
export function offerAtOpening({ capabilities, instructions }: Opening): Partial<Offer> {
  const absent = LIST_KINDS.filter((kind) => kind !== 'tools' && !declares(capabilities, kind))
  return { capabilities, instructions, ...Object.fromEntries(absent.map((kind) => [kind, emptyOffer[kind]])) }
}
