/**
 * How many may be starting at the same time: fifty servers that all compile themselves at once start later than a few at
 * a time. A slot is given back when its user is ready, or at its limit, so that hanging ones cannot hold them all.
 */
export class StartSlots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** Waits for a slot, then runs `start` in it. Rejects when `signal` is aborted while waiting. */
  async run<Result>(start: () => Promise<Result>, limitMs: number, signal: AbortSignal): Promise<Result> {
    await this.#acquire(signal)
    let held = true
    const release = () => {
      if (!held) return
      held = false
      clearTimeout(timer)
      this.#release()
    }
    const timer = setTimeout(release, limitMs)
    try {
      return await start()
    } finally {
      release()
    }
  }

  #acquire(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    if (this.#free > 0) {
      this.#free--
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const take = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(take)
    })
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free++
  }
}
