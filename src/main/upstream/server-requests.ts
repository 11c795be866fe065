import { isObject } from '../base/is-object.ts'
import { members, spanOf } from '../base/json-members.ts'
import type { Deadline } from './deadline.ts'
import { answerOf, methodNotFound } from './nobody.ts'
import type { ServerAudience, UpstreamAnswer } from './upstream.ts'

/** Requests of one server that wait for an agent, or whose answers it has not taken yet. */
const MAX_OPEN = 64
/** Refusals that it has not taken yet: who asks faster than it reads gets none. */
const MAX_REFUSALS = 32
/** Each is kept for the answer. */
const MAX_ID_BYTES = 1_024
const INTERNAL_ERROR = -32603

/** A request of a server, as it came. */
export interface IncomingRequest {
  /** JSON text of its id. */
  id: string
  method: string
  params: Buffer | undefined
  value: Readonly<Record<string, unknown>>
  /** Bytes of the whole message. */
  size: number
}

/** The call because of which a server asks. */
export interface AskedCall {
  readonly deadline: Deadline
  /** How many of the server's requests are open because of it. */
  questions: number
}

export interface ServerRequestsOptions {
  /** Sends a message; resolves when the server has it. Must not reject. */
  send(message: string): Promise<void>
  /** Of all open requests together. */
  maxBytes: number
  /** How long an agent may take where no call limits it. */
  askMs: number
}

interface Open {
  id: string
  size: number
  call: AskedCall | undefined
  abort: AbortController
  timer: NodeJS.Timeout | undefined
  /** Progress of the agent is on its way to the server. */
  isTelling: boolean
}

/**
 * What one server has asked and not been answered yet. Each is answered once, under the server's own id; one that the
 * server has cancelled is not answered at all.
 */
export class ServerRequests {
  readonly #options: ServerRequestsOptions
  readonly #open = new Map<string, Open>()
  #size = 0
  #answers = 0
  #refusals = 0

  constructor(options: ServerRequestsOptions) {
    this.#options = options
  }

  /** Asks, and sends the answer when it is there. `call`: its time rests meanwhile, and with its end nobody is asked any more. */
  ask(request: IncomingRequest, audience: Pick<ServerAudience, 'ask'>, call: AskedCall | undefined): void {
    const { id, size } = request
    // A stream that was taken up again may repeat what it said.
    if (this.#open.has(id)) return
    if (this.#open.size + this.#answers >= MAX_OPEN || this.#size + size > this.#options.maxBytes) {
      this.refuse(
        id,
        answerOf('error', { code: INTERNAL_ERROR, message: 'Too many requests of this server are open.' }),
      )
      return
    }
    const open: Open = { id, size, call, abort: new AbortController(), timer: undefined, isTelling: false }
    if (!call) open.timer = setTimeout(() => this.#giveUp(open, 'Nobody answered in time.'), this.#options.askMs)
    this.#open.set(id, open)
    this.#size += size
    if (call) {
      call.questions++
      call.deadline.rest()
    }
    void this.#answer(open, request, audience)
  }

  /** Answers at once, without asking anybody. */
  refuse(id: string, answer: UpstreamAnswer): void {
    if (this.#refusals >= MAX_REFUSALS) return
    this.#refusals++
    void this.#options.send(answerText(id, answer)).then(() => this.#refusals--)
  }

  /** The server does not want the answer any more. `id` is JSON text, as it stood in the request. */
  cancelled(id: string): void {
    const open = this.#open.get(id)
    if (open && this.#close(open)) open.abort.abort(new Error('The server cancelled its request.'))
  }

  /** The call has ended: whatever the server still wanted to know for it, it gets an error. */
  callEnded(call: AskedCall): void {
    if (call.questions === 0) return
    for (const open of [...this.#open.values()]) {
      if (open.call === call) this.#giveUp(open, 'The call that this request belongs to has ended.')
    }
  }

  /** The connection has ended: nothing can be answered any more. */
  end(): void {
    for (const open of [...this.#open.values()]) {
      this.#close(open)
      open.abort.abort(new Error('The connection to the server has ended.'))
    }
  }

  async #answer(open: Open, { method, params, value }: IncomingRequest, audience: Pick<ServerAudience, 'ask'>) {
    let answer: UpstreamAnswer
    try {
      const progress = (said: Buffer): void => this.#progressed(open, said)
      answer = await audience.ask({ method, params, value, signal: open.abort.signal, progress })
    } catch {
      answer = methodNotFound(method)
    }
    if (this.#close(open)) this.#send(open.id, answer)
  }

  /** One message at a time: what an agent says while the server does not read is left out. */
  #progressed(open: Open, params: Buffer): void {
    if (open.isTelling || this.#open.get(open.id) !== open) return
    open.isTelling = true
    const message = `{"jsonrpc":"2.0","method":"notifications/progress","params":${params.toString()}}`
    void this.#options.send(message).then(() => (open.isTelling = false))
  }

  #giveUp(open: Open, message: string): void {
    if (!this.#close(open)) return
    this.#send(open.id, answerOf('error', { code: INTERNAL_ERROR, message }))
    open.abort.abort(new Error(message))
  }

  #send(id: string, answer: UpstreamAnswer): void {
    this.#answers++
    void this.#options.send(answerText(id, answer)).then(() => this.#answers--)
  }

  /** False when it was closed before. */
  #close(open: Open): boolean {
    if (this.#open.get(open.id) !== open) return false
    this.#open.delete(open.id)
    this.#size -= open.size
    clearTimeout(open.timer)
    if (open.call) {
      open.call.questions--
      open.call.deadline.resume()
    }
    return true
  }
}

/** A request out of a message; undefined where its id is none that may be answered (2025-11-25: a string or a number). */
export function readServerRequest(value: Record<string, unknown>, bytes: Buffer): IncomingRequest | undefined {
  const { id, method, params } = value
  if (typeof method !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return undefined
  const spans = members(bytes)
  const idSpan = spans.get('id')
  if (!idSpan || idSpan[1] - idSpan[0] > MAX_ID_BYTES) return undefined
  const span = spans.get('params')
  return {
    id: bytes.toString('utf8', ...idSpan),
    method,
    params: span && bytes.subarray(...span),
    value: isObject(params) ? params : {},
    size: bytes.length,
  }
}

/** JSON text of the id that `notifications/cancelled` names. */
export function cancelledId(bytes: Buffer): string | undefined {
  const params = spanOf(bytes, 'params')
  const span = params && spanOf(bytes, 'requestId', params[0])
  return span && bytes.toString('utf8', ...span)
}

function answerText(id: string, { kind, bytes }: UpstreamAnswer): string {
  return `{"jsonrpc":"2.0","id":${id},"${kind}":${bytes.toString('utf8')}}`
}
