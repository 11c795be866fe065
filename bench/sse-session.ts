import type { Dispatcher, Pool } from 'undici'

type Stream = Dispatcher.ResponseData['body']

/** A session of the HTTP+SSE transport (2024-11-05): messages go out by POST, and come back on one stream. */
export class SseSession {
  /** Where it posts to; also its name. */
  readonly path: string
  readonly #pool: Pool
  readonly #stream: Stream
  readonly #waiting = new Map<number, (answer: Buffer) => void>()
  #isClosed = false

  private constructor(pool: Pool, path: string, stream: Stream) {
    this.#pool = pool
    this.path = path
    this.#stream = stream
  }

  /** `streams`: the connections that streams have for themselves. */
  static async open({ pool, streams }: { pool: Pool; streams: Pool }, path: string): Promise<SseSession> {
    const { body } = await streams.request({ method: 'GET', path, headers: { accept: 'text/event-stream' } })
    const events = eventsOf(body)
    const first = await events.next()
    if (first.done === true || !first.value.includes('event: endpoint'))
      throw new Error('The stream names no endpoint.')
    const session = new SseSession(pool, dataOf(first.value), body)
    session.#hear(events).catch((error: unknown) => {
      if (!session.#isClosed) throw error
    })
    return session
  }

  /** The text of the answer; of a notification none. */
  async post(body: string): Promise<Buffer> {
    const id = idOf(body)
    const answer = id === undefined ? Buffer.alloc(0) : new Promise<Buffer>((resolve) => this.#waiting.set(id, resolve))
    const headers = { 'content-type': 'application/json' }
    const accepted = await this.#pool.request({ method: 'POST', path: this.path, headers, body })
    const text = await accepted.body.text()
    if (accepted.statusCode > 202) throw new Error(`Status ${accepted.statusCode}: ${text.slice(0, 200)}`)
    return answer
  }

  close(): void {
    this.#isClosed = true
    this.#stream.destroy()
  }

  async #hear(events: AsyncIterable<string>): Promise<void> {
    for await (const event of events) {
      const message = dataOf(event)
      const id = idOf(message)
      if (id === undefined) continue
      this.#waiting.get(id)?.(Buffer.from(message))
      this.#waiting.delete(id)
    }
  }
}

async function* eventsOf(stream: Stream): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let parts: string[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true })
    parts.push(text)
    // An answer of a megabyte comes in many chunks: only one that could end an event is looked at together with the rest.
    if (!text.includes('\n\n') && !text.startsWith('\n')) continue
    const events = parts.join('').split('\n\n')
    parts = [events.pop() ?? '']
    yield* events
  }
}

const dataOf = (event: string): string => event.slice(event.indexOf('data: ') + 'data: '.length)

/** At one of its edges: an answer of a megabyte is not parsed for it. */
function idOf(message: string): number | undefined {
  const found = /"id":(\d+)/.exec(message.slice(0, 40)) ?? /"id":(\d+)\}$/.exec(message.slice(-40))
  return found === null ? undefined : Number(found[1])
}
