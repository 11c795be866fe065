import type { AppError } from '../base/app-error.ts'
import { problemOf, type Problem } from './keeper-errors.ts'

const FIRST_RETRY_MS = 5_000
const MAX_RETRY_MS = 10 * 60 * 1000
/** So long a failure answers everybody who asks: an authorization server in trouble is not asked by each call. */
const FAILURE_HOLDS_MS = 1_000
/** A resource that refuses what its authorization server just gave is not met with one renewal after the other. */
const MAX_REFUSALS = 5
const REFUSALS_WITHIN_MS = 60_000
/** How often a resource may ask for more scopes until a person looks at it. */
const MAX_STEP_UPS = 3

/** What went wrong since it last worked, and what follows from it: when it is tried again, and by whom. */
export class Troubles {
  readonly #now: () => number
  readonly #random: () => number
  /** For the status. */
  problem: Problem | undefined
  #stuck: AppError | undefined
  #failed: { error: AppError; at: number } | undefined
  #failures = 0
  #stepUps = 0
  #refusals: { token: string; at: number }[] = []

  constructor(now: () => number, random: () => number) {
    this.#now = now
    this.#random = random
  }

  /** The answer to whoever asks now, where nobody else has to be asked for it. */
  get answer(): AppError | undefined {
    if (this.#stuck !== undefined) return this.#stuck
    const since = this.#failed === undefined ? Infinity : this.#now() - this.#failed.at
    return since >= 0 && since < FAILURE_HOLDS_MS ? this.#failed?.error : undefined
  }

  /** Only a person can mend it. */
  stuck(error: AppError): void {
    this.#stuck = error
    this.problem = problemOf(error)
  }

  /** It may mend itself. Gives the time to try again at, in milliseconds since 1970. */
  passing(error: AppError): number {
    this.#failed = { error, at: this.#now() }
    this.problem = problemOf(error)
    const delay = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++)
    return this.#now() + delay * (0.8 + 0.4 * this.#random())
  }

  /** The resource did not take this token. False: that happens too often. */
  refused(token: string): boolean {
    const now = this.#now()
    // When the clock was set back, those that are yet to come would count until then.
    this.#refusals = this.#refusals.filter(({ at }) => at <= now && now - at < REFUSALS_WITHIN_MS)
    if (!this.#refusals.some((refusal) => refusal.token === token)) this.#refusals.push({ token, at: now })
    return this.#refusals.length <= MAX_REFUSALS
  }

  isRefused(token: string): boolean {
    return this.#refusals.some((refusal) => refusal.token === token)
  }

  /** The resource wants more scopes. False: that happens too often. */
  steppedUp(): boolean {
    return ++this.#stepUps <= MAX_STEP_UPS
  }

  /** There is a new token. What the resource thinks of it is not known yet. */
  renewed(): void {
    this.#stuck = this.#failed = this.problem = undefined
    this.#failures = 0
  }

  /** A person did something about it. */
  clear(): void {
    this.renewed()
    this.#refusals = []
    this.#stepUps = 0
  }
}
