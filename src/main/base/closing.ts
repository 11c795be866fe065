/** Ends what was opened, in reverse order. A step that fails does not keep the others open. */
export class Closing {
  readonly #steps: (() => void | Promise<void>)[] = []
  #done: Promise<void> | undefined

  add(step: () => void | Promise<void>): void {
    this.#steps.push(step)
  }

  /** Safe to call twice: the second call waits for the first. Rejects with the first failure, after all steps ran. */
  close(): Promise<void> {
    this.#done ??= this.#run()
    return this.#done
  }

  async #run(): Promise<void> {
    const failures: unknown[] = []
    for (const step of this.#steps.reverse()) {
      try {
        await step()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
