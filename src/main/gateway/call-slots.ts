/**
 * Numbers for the calls of a modern agent that run at the same time on one integration: the lowest that is free. Where an
 * integration keeps agents apart, each number has a connection of its own, which the agent's next call takes again.
 */
export class CallSlots {
  readonly #taken = new Map<string, Set<number>>()

  /** `owner` is who counts its calls: an agent on an integration. */
  take(owner: string): { slot: number; free: () => void } {
    let taken = this.#taken.get(owner)
    if (taken === undefined) this.#taken.set(owner, (taken = new Set<number>()))
    let slot = 0
    while (taken.has(slot)) slot++
    taken.add(slot)
    const free = (): void => {
      taken.delete(slot)
      if (taken.size === 0 && this.#taken.get(owner) === taken) this.#taken.delete(owner)
    }
    return { slot, free }
  }
}
