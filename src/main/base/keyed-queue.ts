/** Runs work with the same key one after the other, and work with different keys side by side. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>()

  /** The result of `work`, once all earlier work with this key has ended, well or not. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const previous = this.#tails.get(key) ?? Promise.resolve()
    const mine = previous.then(work)
    // The tail only orders; whether `mine` failed is its caller's matter.
    const tail = mine.then(
      () => undefined,
      () => undefined,
    )
    this.#tails.set(key, tail)
    try {
      return await mine
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    }
  }

  /** When all that has been asked for has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values())
  }
}
