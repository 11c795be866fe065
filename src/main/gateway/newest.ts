/** What is told of something that goes on: who is slower than the news gets the newest, and nothing piles up. */
export class Newest<Value> {
  #value: { of: Value } | undefined
  #isOver = false
  #wake: (() => void) | undefined

  push(value: Value): void {
    this.#value = { of: value }
    this.#wake?.()
  }

  /** Nothing more will come. */
  end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  /** For one reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Value, undefined> {
    for (;;) {
      const value = this.#value
      this.#value = undefined
      if (value !== undefined) yield value.of
      else if (this.#isOver) return undefined
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
