import type { CancelSignal } from '../base/cancellation.ts'

/** A promise that is settled from outside. It may be rejected without anyone waiting for it. */
export class Outcome<Value> {
  readonly promise: Promise<Value>
  resolve!: (value: Value) => void
  reject!: (error: unknown) => void

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.promise.catch(() => undefined)
  }
}

/** Waits for `promise`, at most until the limit or the abort of `signal`. */
export function waitFor<Value>(
  promise: Promise<Value>,
  limits: { timeoutMs: number; late: () => Error; signal: CancelSignal | undefined },
): Promise<Value> {
  const { signal } = limits
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown) => {
      done()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    const onAbort = () => fail(signal?.reason)
    const timer = setTimeout(() => fail(limits.late()), limits.timeoutMs)
    if (signal?.aborted) {
      onAbort()
      return
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    promise.then((value) => {
      done()
      resolve(value)
    }, fail)
  })
}
