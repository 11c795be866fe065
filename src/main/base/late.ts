/** What is made when it is first asked for, and once. Its code can be loaded then: what rests takes no room. */
export class Late<Value> {
  readonly #make: () => Promise<Value>
  #value: Promise<Value> | undefined

  constructor(make: () => Promise<Value>) {
    this.#make = make
  }

  /** Where it can not be made, whoever asks next has it tried again. */
  get(): Promise<Value> {
    return (this.#value ??= this.#makeNow())
  }

  /** Does something with it where it was made: what never was has nothing to end. */
  async ifMade(use: (value: Value) => unknown): Promise<void> {
    const value = await this.#value?.catch(() => undefined)
    if (value !== undefined) await use(value)
  }

  async #makeNow(): Promise<Value> {
    try {
      return await this.#make()
    } catch (error) {
      this.#value = undefined
      throw error
    }
  }
}
