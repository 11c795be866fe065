import type { ConnectionState } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import { Backoff } from './backoff.ts'
import { SessionLost } from './http-errors.ts'
import type { BackoffLimits } from './limits.ts'
import { ProcessExit } from './stdio.ts'

/** What an end means: the state that is shown with its reason, and when it is tried again. */
export interface Verdict {
  state: ConnectionState
  failure: AppError
  /** Infinity: not by itself. */
  delayMs: number
}

/** A stored credential that was refused is not tried again soon: that only fills the server's log. */
const REFUSED_FACTOR = 10

/** Judges the ends of a connection, one after the other. */
export class Retry {
  readonly #limits: BackoffLimits
  readonly #backoff: Backoff

  constructor(limits: BackoffLimits) {
    this.#limits = limits
    this.#backoff = new Backoff(limits)
  }

  /** `exits`: how many processes of the attempt had ended by themselves before the last one. */
  after(end: AppError, lastedMs: number, exits: number): Verdict {
    const { firstMs, maxMs } = this.#limits
    if (end.code === 'vault_locked') return { state: 'locked', delayMs: maxMs, failure: end }
    if (end.code === 'authorization_required') {
      return { state: 'needs_auth', delayMs: maxMs * REFUSED_FACTOR, failure: end }
    }
    // The server forgot us, nothing is broken: it may be asked again at once, but not in a circle.
    if (end.cause instanceof SessionLost) {
      return { state: 'error', delayMs: Math.max(0, firstMs - lastedMs), failure: end }
    }
    const delayMs = this.#backoff.next(lastedMs, end.cause instanceof ProcessExit ? exits + 1 : 0)
    if (!this.#backoff.exhausted) return { state: 'error', delayMs, failure: end }
    return { state: 'quarantined', delayMs: Infinity, failure: this.#notAgain(end) }
  }

  /** Whether so many exits in an attempt that still runs make it the last one. */
  isLast(exits: number): boolean {
    return this.#backoff.isLast(exits)
  }

  reset(): void {
    this.#backoff.reset()
  }

  #notAgain({ code, message, details, cause }: AppError): AppError {
    const why = `It ended ${this.#backoff.crashes} times within ${this.#limits.healthyMs / 1000} s of its start`
    const what = 'so it is not started again by itself. Correct the cause, then restart it.'
    // What a server said last need not be a sentence.
    const sentence = /[.!?:]$/.test(message) ? message : `${message}.`
    return new AppError(code, { message: `${sentence} ${why}, ${what}`, details, cause })
  }
}
