import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server'

/** What was sent on the streams of one session, so that a client can come back for what it missed. */
export class StoredEvents implements EventStore {
  /** Position + 1 is the event's id. */
  readonly #events: { streamId: string; message: JSONRPCMessage }[] = []

  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    return Promise.resolve(String(this.#events.push({ streamId, message })))
  }

  getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return Promise.resolve(this.#events[Number(eventId) - 1]?.streamId)
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const last = Number(lastEventId)
    const streamId = this.#events[last - 1]?.streamId
    if (streamId === undefined) throw new Error(`There is no event ${lastEventId}`)
    for (const [index, event] of this.#events.entries()) {
      // The priming event has no message in it.
      if (index < last || event.streamId !== streamId || !('jsonrpc' in event.message)) continue
      await send(String(index + 1), event.message)
    }
    return streamId
  }
}
