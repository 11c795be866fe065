/**
 * Runs `work` once for many calls that come close together, and never twice at the same time: a server may say
 * `list_changed` a thousand times a second and is asked at most once per `delayMs`.
 */
export class Coalescer {
  readonly #work: () => Promise<void>
  readonly #delayMs: number
  #timer: NodeJS.Timeout | undefined
  #running = false
  #again = false
  #closed = false

  constructor(work: () => Promise<void>, delayMs: number) {
    this.#work = work
    this.#delayMs = delayMs
  }

  /** Asks for a run. The work must not reject. */
  trigger(): void {
    if (this.#closed || this.#timer) return
    if (this.#running) {
      this.#again = true
      return
    }
    this.#timer = setTimeout(() => void this.#run(), this.#delayMs)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  async #run(): Promise<void> {
    this.#timer = undefined
    this.#running = true
    await this.#work()
    this.#running = false
    if (this.#again) {
      this.#again = false
      this.trigger()
    }
  }
}
