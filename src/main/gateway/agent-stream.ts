import { EventLog, type EventMemory } from './event-log.ts'
import type { EventConnection, EventStream, Reply } from './exchange.ts'

/** When a client that lost its stream should come back. */
const RETRY_MS = 1_000
/** Streams of one session that have ended and can still be asked for. */
const MOST_ENDED = 16
/** Of the stream that a session's GET opens; the others have the numbers from 1. */
const STANDING = '0'
const EVENT_ID = /^(\d{1,15})_(\d{1,15})$/

/**
 * One stream of events to a legacy agent. It outlives the connection that it is written to: what is said meanwhile is kept,
 * and replayed to the connection that takes it up.
 */
export class AgentStream implements EventStream {
  readonly #name: string
  readonly #log: EventLog
  readonly #isPrimed: boolean
  #connection: EventConnection | undefined
  #onDrain: (() => void) | undefined
  #hasEnded = false

  /** `isPrimed`: a connection begins with an event that has an id and no message. */
  constructor(name: string, memory: EventMemory, isPrimed: boolean) {
    this.#name = name
    this.#log = new EventLog(memory)
    this.#isPrimed = isPrimed
  }

  /** An agent reads it at the moment. */
  get isConnected(): boolean {
    return this.#connection !== undefined
  }

  /** It has ended, and nothing came after event number `after`. */
  isOver(after: number): boolean {
    return this.#hasEnded && after >= this.#log.last
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Writes to this connection from now on, after what it has missed since event number `after`. */
  connect(connection: EventConnection, after?: number): void {
    this.#connection?.end()
    this.#connection = connection
    connection.onDrain(() => {
      if (this.#connection === connection) this.#onDrain?.()
    })
    connection.onClose(() => {
      if (this.#connection === connection) this.#connection = undefined
    })
    if (after === undefined) {
      if (this.#isPrimed) connection.prime(`${this.#name}_${this.#log.last}`, RETRY_MS)
    } else {
      for (const [number, message] of this.#log.after(after)) connection.sendAs(`${this.#name}_${number}`, message)
    }
    if (this.#hasEnded) connection.end()
  }

  send(...message: readonly Buffer[]): void {
    if (this.#hasEnded) return
    const number = this.#log.add(message)
    this.#connection?.sendAs(`${this.#name}_${number}`, message)
  }

  keepAlive(): void {
    this.#connection?.keepAlive()
  }

  end(): void {
    this.#hasEnded = true
    this.#connection?.end()
  }

  forget(): void {
    this.#log.forget()
  }

  get isBehind(): boolean {
    return this.#connection?.isBehind ?? false
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  /** A lost connection does not close it, so there is nothing to tell. */
  onClose(): void {
    // nothing to be called for
  }
}

/** The streams of one legacy session, by the names that event ids begin with. */
export class AgentStreams {
  readonly #memory: EventMemory
  readonly #isPrimed: boolean
  readonly #streams = new Map<string, AgentStream>()
  #lastName = 0

  /** `isPrimed`: the session's revision knows events without a message (2025-11-25). */
  constructor(memory: EventMemory, isPrimed: boolean) {
    this.#memory = memory
    this.#isPrimed = isPrimed
  }

  /** A stream of its own for the answer of one request. */
  open(reply: Reply, headers?: Record<string, string>): AgentStream {
    this.#forgetOldest()
    const name = String(++this.#lastName)
    const stream = new AgentStream(name, this.#memory, this.#isPrimed)
    this.#streams.set(name, stream)
    stream.connect(reply.stream(headers))
    return stream
  }

  /** The stream that no request belongs to; undefined while nobody reads it. */
  get standing(): AgentStream | undefined {
    const stream = this.#streams.get(STANDING)
    return stream?.isConnected === true ? stream : undefined
  }

  /**
   * Connects the stream that no request belongs to, in place of a connection that it had. What is given back ends with the
   * connection; the stream does not.
   */
  openStanding(reply: Reply, headers: Record<string, string>, after?: number): EventStream {
    let stream = this.#streams.get(STANDING)
    if (stream === undefined) {
      stream = new AgentStream(STANDING, this.#memory, this.#isPrimed)
      this.#streams.set(STANDING, stream)
    }
    const standing = stream
    const connection = reply.stream(headers)
    standing.connect(connection, after)
    return {
      send: (...message) => standing.send(...message),
      keepAlive: () => connection.keepAlive(),
      end: () => connection.end(),
      get isBehind() {
        return connection.isBehind
      },
      onDrain: (listener) => connection.onDrain(listener),
      onClose: (listener) => connection.onClose(listener),
    }
  }

  /** The stream of the event that an agent saw last, and the event's number; undefined when it is none that is kept. */
  find(lastEventId: string): { stream: AgentStream; isStanding: boolean; after: number } | undefined {
    const [, name = '', number] = EVENT_ID.exec(lastEventId) ?? []
    const stream = this.#streams.get(name)
    return stream && { stream, isStanding: name === STANDING, after: Number(number) }
  }

  close(): void {
    for (const stream of this.#streams.values()) {
      stream.end()
      stream.forget()
    }
    this.#streams.clear()
  }

  #forgetOldest(): void {
    const ended = [...this.#streams].filter(([, stream]) => stream.hasEnded)
    for (const [name, stream] of ended.slice(0, Math.max(0, ended.length - MOST_ENDED + 1))) {
      stream.forget()
      this.#streams.delete(name)
    }
  }
}
