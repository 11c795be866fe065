import { type AddValues, emptyAddValues } from './add-values.ts'

/**
 * What the first field proposes for the rest of the form. A field follows, key by key, until the person edits it; from
 * then on it is theirs. Only a name that was emptied is proposed again: none can be empty.
 */
export class Proposals {
  readonly #last: AddValues = emptyAddValues()
  readonly #own = new Set<keyof AddValues>()

  /** Whether the person changed this field since it was last proposed, or before. */
  isOwn(values: AddValues, field: keyof AddValues): boolean {
    if (!isSame(values[field], this.#last[field])) this.#own.add(field)
    if (field === 'name' && values.name.trim() === '') this.#own.delete(field)
    return this.#own.has(field)
  }

  /** The form with what is proposed now in every field that is not the person's own. */
  take(values: AddValues, next: Partial<AddValues>): AddValues {
    const followed = Object.fromEntries(
      Object.entries(next).filter(([field]) => !this.isOwn(values, field as keyof AddValues)),
    )
    Object.assign(this.#last, next)
    return { ...values, ...followed }
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
