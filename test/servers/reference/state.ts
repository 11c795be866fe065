/**
 * What changes about the reference server while it runs: whether one tool and one prompt are offered. Shared by all
 * instances, because over HTTP there is one for each request or session.
 */
export class ReferenceState {
  #tool = false
  #prompt = false
  readonly #listeners = new Set<() => void>()

  get offersExtraTool(): boolean {
    return this.#tool
  }

  get offersExtraPrompt(): boolean {
    return this.#prompt
  }

  toggleTool(): void {
    this.#tool = !this.#tool
    this.#tell()
  }

  togglePrompt(): void {
    this.#prompt = !this.#prompt
    this.#tell()
  }

  /** Called after each change; gives back what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
