interface NewsOptions {
  /** Tells the doors that these changed; of very many only some are named. */
  tell: (workspace: string, ids: string[]) => Promise<void>
  /** They could not be told. */
  failed: (error: unknown) => void
}

const INTERVAL_MS = 250
/** How many things one event names. */
const NAMED = 100

/** What changed in each workspace, for the doors: told the first time at once, in a storm four times a second. */
export class News {
  readonly #options: NewsOptions
  readonly #pending = new Map<string, Set<string>>()
  readonly #resting = new Map<string, NodeJS.Timeout>()

  constructor(options: NewsOptions) {
    this.#options = options
  }

  changed(workspace: string, ids: readonly string[]): void {
    const pending = this.#pending.get(workspace) ?? new Set()
    this.#pending.set(workspace, pending)
    for (const id of ids) if (pending.size < NAMED) pending.add(id)
    if (!this.#resting.has(workspace)) this.#tell(workspace)
  }

  close(): void {
    for (const timer of this.#resting.values()) clearTimeout(timer)
    this.#resting.clear()
    this.#pending.clear()
  }

  #tell(workspace: string): void {
    const ids = this.#pending.get(workspace)
    this.#pending.delete(workspace)
    if (ids === undefined) {
      this.#resting.delete(workspace)
      return
    }
    this.#resting.set(workspace, setTimeout(() => this.#tell(workspace), INTERVAL_MS).unref())
    const { tell, failed } = this.#options
    tell(workspace, [...ids]).catch(failed)
  }
}
