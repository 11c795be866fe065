/** A server's own `retry` is honoured up to here. */
export const MAX_RETRY_MS = 300_000
/** And not below: a server that wants us back at once, and has nothing to say, would keep us busy for ever. */
const LEAST_RETRY_MS = 100
/** Without one. */
const RETRY_MS = 1_000
/** In a row, without an event in between. */
const MAX_TRIES = 5
/** Later by up to a fifth, never earlier: streams that broke together should not come back together. */
const JITTER = 0.2
/** It goes back as a header: what does not fit into one is no id to us. */
const ID = /^[\x20-\x7e]{1,1024}$/

/**
 * From where a broken stream can be taken up again (2025-11-25, "Resumability and redelivery"): the id of its last event,
 * and how long the server wants us to wait.
 */
export class Resumption {
  #lastEventId: string | undefined
  #retryMs = RETRY_MS
  #tries = 0

  /** Goes with the GET as `Last-Event-ID`. */
  get lastEventId(): string | undefined {
    return this.#lastEventId
  }

  /** An event came that has an id. */
  passed(id: string): void {
    this.#tries = 0
    this.#lastEventId = isResumable(id) ? id : undefined
  }

  /** The server has asked for this pause. */
  wait(retryMs: number): void {
    this.#retryMs = Math.min(retryMs, MAX_RETRY_MS)
  }

  /** How long until the next try. Undefined: there is none, for want of an id or after too many in vain. */
  next(): number | undefined {
    if (this.#lastEventId === undefined || this.#tries >= MAX_TRIES) return undefined
    this.#tries++
    return jittered(this.#retryMs)
  }
}

/** Whether this id can go back to the server. */
export function isResumable(id: string): boolean {
  return ID.test(id)
}

/** The pause that the server asked for, and a little. */
export function jittered(ms: number): number {
  return Math.max(ms, LEAST_RETRY_MS) * (1 + Math.random() * JITTER)
}
