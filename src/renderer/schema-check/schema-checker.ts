import type { Check } from './check.ts'
import type { CheckMessage, CheckRequest } from './messages.ts'

/** The part of a Worker that is used here. */
export interface CheckWorker {
  postMessage(request: CheckRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<CheckMessage>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

export interface CheckLimits {
  /** Until the worker is loaded and begins. */
  startMs: number
  /** For the check itself. */
  checkMs: number
}

const LIMITS: CheckLimits = { startMs: 10_000, checkMs: 1_500 }

interface Running {
  id: number
  worker: CheckWorker
  timer: ReturnType<typeof setTimeout>
  settle(check: Check | undefined): void
}

/**
 * Checks values by schemas of other people in a worker, which is ended when it takes too long: a pattern like `(a+)+$`
 * never stops by itself. One check at a time; a newer one takes its place.
 */
export class SchemaChecker {
  readonly #createWorker: () => CheckWorker
  readonly #limits: CheckLimits
  #worker: CheckWorker | undefined
  #running: Running | undefined
  #lastId = 0

  constructor(createWorker: () => CheckWorker = createCheckWorker, limits: CheckLimits = LIMITS) {
    this.#createWorker = createWorker
    this.#limits = limits
  }

  /** What the schema says; undefined when a newer check or `close` came first. */
  check(schema: unknown, text: string): Promise<Check | undefined> {
    if (this.#running) this.#end(undefined, true)
    return new Promise((settle) => {
      const worker = (this.#worker ??= this.#listenTo(this.#createWorker()))
      const id = ++this.#lastId
      const timer = setTimeout(
        () => this.#end({ checked: false, reason: 'The check did not start.' }, true),
        this.#limits.startMs,
      )
      this.#running = { id, worker, timer, settle }
      worker.postMessage({ id, schema, text })
    })
  }

  close(): void {
    this.#end(undefined, true)
  }

  #listenTo(worker: CheckWorker): CheckWorker {
    worker.onmessage = ({ data }) => {
      const running = this.#running
      if (running?.worker !== worker || running.id !== data.id) return
      if (!data.started) {
        this.#end(data.check, false)
        return
      }
      clearTimeout(running.timer)
      running.timer = setTimeout(() => {
        const seconds = this.#limits.checkMs / 1_000
        this.#end({ checked: false, reason: `The check took longer than ${seconds} s and was stopped.` }, true)
      }, this.#limits.checkMs)
    }
    worker.onerror = (event) => {
      event.preventDefault()
      if (this.#running?.worker === worker) this.#end({ checked: false, reason: 'The check could not run.' }, true)
    }
    return worker
  }

  #end(check: Check | undefined, endWorker: boolean): void {
    const running = this.#running
    this.#running = undefined
    if (endWorker) {
      this.#worker?.terminate()
      this.#worker = undefined
    }
    if (!running) return
    clearTimeout(running.timer)
    running.settle(check)
  }
}

function createCheckWorker(): CheckWorker {
  return new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' })
}
