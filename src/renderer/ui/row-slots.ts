/**
 * Gives each row in view a number that is its own while it is in view, and then goes to a row that comes in. Used as
 * React keys they let a list that scrolls fill the elements it has, instead of making new ones in every frame.
 */
export class RowSlots {
  #slots = new Map<string, number>()

  /** The number of each of these rows, which are all that are in view now. */
  assign(keys: readonly string[]): number[] {
    const kept = keys.map((key) => this.#slots.get(key))
    const taken = new Set(kept)
    let next = 0
    const assigned = kept.map((slot) => {
      if (slot !== undefined) return slot
      while (taken.has(next)) next += 1
      taken.add(next)
      return next
    })
    this.#slots = new Map(keys.map((key, index) => [key, assigned[index] ?? index]))
    return assigned
  }
}
