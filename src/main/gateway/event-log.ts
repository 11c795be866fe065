/** What a lost stream can be taken up from: the newest events of it. */
const MOST_EVENTS = 1_000
const MOST_BYTES = 5 * 1024 * 1024
/** Of all streams together; the oldest stream is forgotten first. */
const MOST_BYTES_IN_ALL = 64 * 1024 * 1024
/** Shorter ones are copied, and those that are slices of much more: a slice keeps the whole message that it was read from. */
const COPIED_BYTES = 16 * 1024
const MOST_KEPT_BESIDE = 2

interface LoggedEvent {
  message: readonly Buffer[]
  bytes: number
}

/** Keeps all logs together within their limit. */
export class EventMemory {
  readonly #logs = new Set<EventLog>()
  readonly #mostBytes: number
  #bytes = 0

  constructor(mostBytes = MOST_BYTES_IN_ALL) {
    this.#mostBytes = mostBytes
  }

  /** `bytes` more (or, below zero, less) are kept in this log. */
  changed(log: EventLog, bytes: number): void {
    this.#bytes += bytes
    if (bytes > 0) this.#logs.add(log)
    while (this.#bytes > this.#mostBytes) {
      const oldest = this.#logs.values().next().value
      if (oldest === undefined) return
      oldest.forget()
    }
  }

  removed(log: EventLog): void {
    this.#logs.delete(log)
  }
}

/**
 * The newest events of one stream, numbered from 1: at most 1,000, and at most 5 MiB unless the newest alone is larger. What
 * was dropped cannot be replayed.
 */
export class EventLog {
  readonly #memory: EventMemory
  #events: LoggedEvent[] = []
  #bytes = 0
  /** Number of the newest event. */
  #last = 0

  constructor(memory: EventMemory) {
    this.#memory = memory
  }

  get last(): number {
    return this.#last
  }

  /** Gives the event's number. */
  add(message: readonly Buffer[]): number {
    let bytes = 0
    for (const piece of message) bytes += piece.length
    this.#events.push({ message: isCopied(message, bytes) ? [Buffer.concat(message, bytes)] : message, bytes })
    let change = bytes
    while (this.#events.length > MOST_EVENTS || (this.#bytes + change > MOST_BYTES && this.#events.length > 1)) {
      change -= this.#events.shift()?.bytes ?? 0
    }
    this.#bytes += change
    this.#last++
    this.#memory.changed(this, change)
    return this.#last
  }

  /** What is still there of the events after number `after`, oldest first. */
  *after(after: number): Generator<readonly [number: number, message: readonly Buffer[]]> {
    const first = this.#last - this.#events.length + 1
    for (let number = Math.max(after + 1, first); number <= this.#last; number++) {
      const event = this.#events[number - first]
      if (event !== undefined) yield [number, event.message]
    }
  }

  /** Lets go of all events; new ones are numbered on. */
  forget(): void {
    const bytes = this.#bytes
    this.#events = []
    this.#bytes = 0
    this.#memory.removed(this)
    this.#memory.changed(this, -bytes)
  }
}

function isCopied(message: readonly Buffer[], bytes: number): boolean {
  if (bytes <= COPIED_BYTES) return true
  const kept = new Set(message.map(({ buffer }) => buffer))
  let keptBytes = 0
  for (const { byteLength } of kept) keptBytes += byteLength
  return keptBytes > bytes * MOST_KEPT_BESIDE
}
