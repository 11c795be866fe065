/** Failures in a row after which a channel is left alone. */
const FAILURES_TO_OPEN = 5
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 10 * 60_000

/**
 * Whether a channel is worth trying. After five failures in a row, or one that needs a person, it is left alone for 30 s,
 * then tried once; each further failure doubles the pause, up to ten minutes.
 */
export class Circuit {
  #failures: number
  #pauseMs = 0
  #openUntilMs: number | undefined

  constructor(failures = 0, openUntilMs?: number) {
    this.#failures = failures
    this.#openUntilMs = openUntilMs
    if (openUntilMs !== undefined) this.#pauseMs = FIRST_PAUSE_MS
  }

  /** Until when nothing is tried; undefined: it is closed. May be over, then one trial is due. */
  get openUntilMs(): number | undefined {
    return this.#openUntilMs
  }

  /** `isBroken`: it will not get better by itself. */
  failed(nowMs: number, isBroken: boolean): void {
    this.#failures++
    if (!isBroken && this.#failures < FAILURES_TO_OPEN && this.#openUntilMs === undefined) return
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs === 0 ? FIRST_PAUSE_MS : this.#pauseMs * 2)
    this.#openUntilMs = nowMs + this.#pauseMs
  }

  /** It works, or a person says that it does. */
  close(): void {
    this.#failures = 0
    this.#pauseMs = 0
    this.#openUntilMs = undefined
  }
}
