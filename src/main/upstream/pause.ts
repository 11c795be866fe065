export interface PauseOptions {
  /** Whether a caller may cut it short. */
  onDemand: boolean
  /** It worked until just now: callers wait for the next attempt even when it is not due at once. */
  patient: boolean
}

/** A wait between two attempts, with an end that can be moved. */
export class Pause {
  readonly onDemand: boolean
  readonly patient: boolean
  readonly over: Promise<void>
  #end: () => void = () => undefined
  #timer: NodeJS.Timeout | undefined

  /** `delayMs` of Infinity: until its end is moved. */
  constructor(delayMs: number, { onDemand, patient }: PauseOptions) {
    this.onDemand = onDemand
    this.patient = patient
    this.over = new Promise((resolve) => {
      this.#end = resolve
    })
    if (Number.isFinite(delayMs)) this.until(performance.now() + delayMs)
  }

  /** Moves its end, by the clock of `performance.now()`. */
  until(atMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#end, Math.max(0, atMs - performance.now()))
  }
}
