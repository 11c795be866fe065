/** What is made when it is first asked for, and once. Its code can be loaded then: what rests takes no room. */
export class Late<Value> {
  readonly #make: () => Promise<Value>
  #value: Promise<Value> | undefined

  constructor(make: () => Promise<Value>) {
    this.#make = make
  }

  get(): Promise<Value> {
    return (this.#value ??= this.#make())
  }

  /** Does something with it where it was made: what never was has nothing to end. */
  async ifMade(use: (value: Value) => unknown): Promise<void> {
    if (this.#value !== undefined) await use(await this.#value)
  }
}
