import { isObject } from '../base/is-object.ts'
import { spanOf } from '../base/json-members.ts'
import type { UpstreamProgress } from '../upstream/upstream.ts'
import type { AgentStreams } from './agent-stream.ts'
import type { AnswerBytes } from './answer.ts'
import type { EventStream, Reply } from './exchange.ts'
import type { Message } from './message.ts'
import { META } from './protocol.ts'

/** Progress is a number and a sentence; what is longer is not passed on. */
const LONGEST_PROGRESS = 64 * 1024

const START = Buffer.from('{"jsonrpc":"2.0","method":"notifications/progress","params":')
const END = Buffer.from('}')

interface CallReplyOptions {
  keepAliveMs: number
  /** The agent's own progress token, as JSON text. Undefined: it does not want to hear of progress. */
  token?: Buffer | undefined
  /** A legacy session: a stream can be taken up again there. Its streams are made when they are needed. */
  session?: { readonly streams: AgentStreams }
}

/**
 * The way back of one call: a plain JSON answer, or, from the first thing on that is said before it, a stream of events that
 * ends with the answer. It belongs to that one request, so nothing of another agent can get into it. An agent that reads
 * slowly gets the newest progress when it has caught up; nothing is queued for it.
 */
export class CallReply {
  readonly #reply: Reply
  readonly #options: CallReplyOptions
  #stream: EventStream | undefined
  #keepAlive: NodeJS.Timeout | undefined
  /** What could not be sent yet. */
  #newest: AnswerBytes | undefined
  #isOver = false

  constructor(reply: Reply, options: CallReplyOptions) {
    this.#reply = reply
    this.#options = options
  }

  /** False when nobody will read what is sent: the agent is gone, and has no stream that it could take up again. */
  get canSend(): boolean {
    return !this.#isOver && (this.#stream !== undefined || !this.#reply.isGone)
  }

  /** Passes on what an upstream said, with the agent's token in place of the connection's. */
  progress({ bytes }: UpstreamProgress): void {
    const { token } = this.#options
    if (token === undefined || bytes.length > LONGEST_PROGRESS || !this.canSend) return
    const span = spanOf(bytes, META.progressToken)
    if (span === undefined) return
    const message = [START, bytes.subarray(0, span[0]), token, bytes.subarray(span[1]), END]
    const stream = (this.#stream ??= this.#open())
    if (stream.isBehind) this.#newest = message
    else stream.send(...message)
  }

  /** A message that an agent which reads slowly can do without. */
  tell(message: AnswerBytes): void {
    if (!this.canSend) return
    const stream = (this.#stream ??= this.#open())
    if (!stream.isBehind) stream.send(...message)
  }

  /** A message that somebody waits for the answer of. */
  send(message: AnswerBytes): void {
    if (!this.canSend) return
    this.#stream ??= this.#open()
    this.#stream.send(...message)
  }

  /** The status counts only while nothing was sent. */
  answer(status: number, body: AnswerBytes): void {
    this.#isOver = true
    clearInterval(this.#keepAlive)
    if (this.#stream === undefined) {
      this.#reply.json(status, body)
      return
    }
    this.#sendNewest()
    this.#stream.send(...body)
    this.#stream.end()
  }

  #open(): EventStream {
    const { session } = this.#options
    const stream = session === undefined ? this.#reply.stream() : session.streams.open(this.#reply)
    this.#keepAlive = setInterval(() => {
      if (!stream.isBehind) stream.keepAlive()
    }, this.#options.keepAliveMs).unref()
    stream.onDrain(() => this.#sendNewest())
    stream.onClose(() => {
      this.#isOver = true
      clearInterval(this.#keepAlive)
    })
    return stream
  }

  #sendNewest(): void {
    if (this.#newest !== undefined) this.#stream?.send(...this.#newest)
    this.#newest = undefined
  }
}

/** Whether an agent wants to hear of the progress of a request. */
export function wantsProgress({ params: { _meta: meta } }: Message): boolean {
  return isObject(meta) && (typeof meta.progressToken === 'string' || typeof meta.progressToken === 'number')
}

/** JSON text of the progress token of a request; undefined when it wants no progress. */
export function progressTokenOf(message: Message): Buffer | undefined {
  const { bytes, paramsSpan } = message
  if (paramsSpan === undefined || !wantsProgress(message)) return undefined
  const metaSpan = spanOf(bytes, '_meta', paramsSpan[0])
  const span = metaSpan && spanOf(bytes, META.progressToken, metaSpan[0])
  return span && bytes.subarray(span[0], span[1])
}
