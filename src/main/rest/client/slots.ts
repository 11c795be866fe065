import { AppError } from '../../base/app-error.ts'

interface Waiting {
  start: () => void
}

/** How many may be at work at the same time; the others wait in line, and leave it with their signal. */
export class Slots {
  readonly #most: number
  readonly #mostWaiting: number
  readonly #line = new Set<Waiting>()
  #taken = 0

  constructor(most: number, mostWaiting: number) {
    this.#most = most
    this.#mostWaiting = mostWaiting
  }

  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted()
    if (this.#taken < this.#most) this.#taken++
    else await this.#turn(signal)
    try {
      return await work()
    } finally {
      const [next] = this.#line
      if (next === undefined) this.#taken--
      else {
        this.#line.delete(next)
        next.start()
      }
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#line.size >= this.#mostWaiting) {
      const message = `${this.#mostWaiting} requests wait for this API already. Try again shortly.`
      throw new AppError('rate_limited', { message })
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.delete(waiting)
        reject(signal.reason instanceof Error ? signal.reason : new Error('The request was cancelled.'))
      }
      const waiting = {
        start: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      this.#line.add(waiting)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
