import { EventReader } from './event-reader.ts'
import { idAtEdges } from './line-reader.ts'
import { takeMessages, type IncomingMessage } from './transport.ts'

export interface EventStreamHandlers {
  message(message: IncomingMessage): void
  /** The event that is told next has this id. */
  eventId?(id: string): void
  /** HTTP+SSE (2024-11-05): where messages are to be sent. */
  endpoint?(address: string): void
  /** The server's wish how long to wait before the stream is opened again. */
  retry?(afterMs: number): void
  /** A message passed the limit and is dropped, the rest of the stream is read. Without an id it is not known whose it was. */
  oversized(id: number | undefined): void
}

/** JSON-RPC messages out of a stream of server-sent events. What is not one is passed over. */
export class EventStream {
  readonly #events: EventReader

  constructor(maxBytes: number, handlers: EventStreamHandlers) {
    const take = (message: IncomingMessage): void => handlers.message(message)
    this.#events = new EventReader(maxBytes, {
      id: (id) => handlers.eventId?.(id),
      event: (type, data) => {
        if (type === 'endpoint') handlers.endpoint?.(data.toString('utf8'))
        else if (type === '' || type === 'message') takeMessages(data, take)
      },
      retry: (afterMs) => handlers.retry?.(afterMs),
      oversized: (head, tail) => {
        const id = idAtEdges(head, tail)
        // At its end it may belong to a call that was given up since: only a name counts then.
        if (id !== undefined || tail === undefined) handlers.oversized(id)
      },
    })
  }

  push(chunk: Buffer): void {
    this.#events.push(chunk)
  }
}
