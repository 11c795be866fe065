import { randomBytes } from 'node:crypto'

const TIME_DIGITS = 9
const COUNT_DIGITS = 4
const RADIX = 36
const RANDOM_BYTES = 8

/**
 * Ids that sort by the time at which they were made, those of one millisecond and of a clock that was set back included;
 * unique beyond this process. Lowercase letters and digits.
 */
export class TimeIds {
  readonly #now: () => number
  #lastMs = 0
  #count = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  next(): string {
    const nowMs = this.#now()
    if (nowMs > this.#lastMs) [this.#lastMs, this.#count] = [nowMs, 0]
    else this.#count++
    const digits = (value: number, length: number) => value.toString(RADIX).padStart(length, '0')
    return (
      digits(this.#lastMs, TIME_DIGITS) + digits(this.#count, COUNT_DIGITS) + randomBytes(RANDOM_BYTES).toString('hex')
    )
  }
}
