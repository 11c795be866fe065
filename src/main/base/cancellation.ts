/** What those who wait need of an AbortSignal, which is one of these. */
export interface CancelSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
  throwIfAborted(): void
}

/**
 * An AbortController and its signal in one, for each call of an agent: of these nearly none is ever cancelled. Node makes an
 * event target with a Map for each of its own, a twentieth of all that a call allocates.
 */
export class Cancellation implements CancelSignal {
  #isCancelled = false
  #reason: unknown
  #listeners: (() => void)[] | undefined
  #native: AbortController | undefined

  get aborted(): boolean {
    return this.#isCancelled
  }

  get reason(): unknown {
    return this.#reason
  }

  /** Tells each listener, once. */
  abort(): void {
    if (this.#isCancelled) return
    this.#isCancelled = true
    this.#reason = new DOMException('This operation was aborted', 'AbortError')
    const listeners = this.#listeners ?? []
    this.#listeners = undefined
    for (const listener of listeners) listener()
  }

  /** As of a real one: a listener that comes too late is not told. */
  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#isCancelled) (this.#listeners ??= []).push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners?.indexOf(listener) ?? -1
    if (at !== -1) this.#listeners?.splice(at, 1)
  }

  throwIfAborted(): void {
    if (this.#isCancelled) throw this.#reason
  }

  /** A real one, for who takes nothing else. */
  get native(): AbortSignal {
    if (this.#native === undefined) {
      const native = (this.#native = new AbortController())
      if (this.#isCancelled) native.abort(this.#reason)
      else this.addEventListener('abort', () => native.abort(this.#reason))
    }
    return this.#native.signal
  }
}

/** For what takes only a real one: timers, HTTP requests, `AbortSignal.any`. */
export function abortSignalOf(signal: CancelSignal): AbortSignal {
  return signal instanceof Cancellation ? signal.native : (signal as AbortSignal)
}
