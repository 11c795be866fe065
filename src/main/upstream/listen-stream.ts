import type { Conversation } from './conversation.ts'
import { Outcome } from './outcome.ts'

/** What a modern server is asked to tell: the `notifications` of `subscriptions/listen`. */
export interface ListenFilter {
  toolsListChanged?: true
  promptsListChanged?: true
  resourcesListChanged?: true
  resourceSubscriptions?: readonly string[]
}

export interface ListenStreamOptions {
  conversation: Pick<Conversation, 'request'>
  /** What is wanted now. Undefined: nothing. */
  wanted(): ListenFilter | undefined
  /** It is open. `wasInterrupted`: something may have been missed since it was before. */
  opened(wasInterrupted: boolean): void
  /** The server does not offer to tell what it announced. */
  refused(): void
}

/** A server that does not acknowledge is believed to listen after so long. */
const ACKNOWLEDGED_MS = 10_000
/** What it said on the former stream may still be on its way. */
const LINGER_MS = 1_000
const AGAIN_FIRST_MS = 1_000
const AGAIN_MAX_MS = 60_000

interface Stream {
  readonly controller: AbortController
  readonly startedAt: number
  /** Resolves when it is acknowledged, or is over. */
  readonly settled: Outcome<void>
  timer: NodeJS.Timeout | undefined
}

/**
 * Modern servers speak unasked only on a `subscriptions/listen` request, which stays open until either side ends it. There
 * is one for each connection. When what is wanted changes another is opened, and the former one ended only after the
 * server has acknowledged that, so that nothing is missed. One that breaks is opened again, later each time.
 */
export class ListenStream {
  readonly #options: ListenStreamOptions
  #current: Stream | undefined
  #opening: Stream | undefined
  /** What was wanted has changed while one was being opened: another follows. */
  #following: Outcome<void> | undefined
  #wasInterrupted = false
  #delayMs = AGAIN_FIRST_MS
  #timer: NodeJS.Timeout | undefined
  readonly #lingering = new Set<NodeJS.Timeout>()
  #closed = false

  constructor(options: ListenStreamOptions) {
    this.#options = options
  }

  /** What is wanted has changed. Resolves when the server tells it, or is known not to. */
  renew(): Promise<void> {
    if (this.#opening) return (this.#following ??= new Outcome<void>()).promise
    return this.#open(new Outcome())
  }

  /** The server has said `notifications/subscriptions/acknowledged`. */
  acknowledged(): void {
    if (this.#opening) this.#established(this.#opening)
  }

  /** The requests end with the conversation. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const timer of this.#lingering) clearTimeout(timer)
    for (const stream of [this.#opening, this.#current]) if (stream) settle(stream)
    this.#following?.resolve()
  }

  #open(settled: Outcome<void>): Promise<void> {
    clearTimeout(this.#timer)
    const wanted = this.#closed ? undefined : this.#options.wanted()
    if (wanted === undefined) {
      this.#current?.controller.abort(new Error('Nothing is wanted any more.'))
      this.#current = undefined
      this.#wasInterrupted = false
      settled.resolve()
      return settled.promise
    }
    const controller = new AbortController()
    const stream: Stream = { controller, settled, startedAt: performance.now(), timer: undefined }
    stream.timer = setTimeout(() => this.#established(stream), ACKNOWLEDGED_MS)
    this.#opening = stream
    const params = Buffer.from(JSON.stringify({ notifications: wanted }))
    const request = { method: 'subscriptions/listen', params, signal: controller.signal }
    this.#options.conversation.request(request, { timeoutMs: 0 }).then(
      (answer) => this.#ended(stream, answer.kind === 'error'),
      () => this.#ended(stream, false),
    )
    return settled.promise
  }

  #established(stream: Stream): void {
    if (this.#opening !== stream) return
    const former = this.#current
    this.#current = stream
    this.#opening = undefined
    if (former) {
      const timer = setTimeout(() => {
        this.#lingering.delete(timer)
        former.controller.abort(new Error('Another subscription has taken its place.'))
      }, LINGER_MS)
      this.#lingering.add(timer)
    }
    const wasInterrupted = this.#wasInterrupted
    this.#wasInterrupted = false
    settle(stream)
    this.#options.opened(wasInterrupted)
    this.#follow()
  }

  #ended(stream: Stream, isRefused: boolean): void {
    settle(stream)
    if (this.#closed) return
    if (stream === this.#current) {
      this.#current = undefined
      this.#wasInterrupted = true
      if (!this.#opening) this.#openLater(stream)
    } else if (stream === this.#opening) {
      this.#opening = undefined
      if (isRefused) this.#refused()
      else this.#openLater(stream)
      this.#follow()
    }
  }

  /** It may have been one too many beside the one that is open. */
  #refused(): void {
    const former = this.#current
    if (former) {
      this.#current = undefined
      this.#wasInterrupted = true
      former.controller.abort(new Error('Another subscription takes its place.'))
      this.#following ??= new Outcome()
    } else if (!this.#following) this.#options.refused()
  }

  #follow(): void {
    const following = this.#following
    this.#following = undefined
    if (following) void this.#open(following)
  }

  #openLater({ startedAt }: Stream): void {
    if (performance.now() - startedAt > AGAIN_MAX_MS) this.#delayMs = AGAIN_FIRST_MS
    this.#timer = setTimeout(() => void this.renew(), this.#delayMs)
    this.#delayMs = Math.min(this.#delayMs * 2, AGAIN_MAX_MS)
  }
}

function settle(stream: Stream): void {
  clearTimeout(stream.timer)
  stream.settled.resolve()
}
