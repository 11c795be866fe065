import { members } from '../base/json-members.ts'
import type { UpstreamProgress } from '../upstream/upstream.ts'
import type { AnswerBytes } from './answer.ts'
import type { EventStream, Reply } from './exchange.ts'
import type { Message } from './message.ts'
import { META } from './protocol.ts'

/** Progress is a number and a sentence; what is longer is not passed on. */
const LONGEST_PROGRESS = 64 * 1024

const START = Buffer.from('{"jsonrpc":"2.0","method":"notifications/progress","params":')
const END = Buffer.from('}')

/**
 * The way back of one call whose agent wants progress: a plain JSON answer, or, from the first progress on, a stream of
 * events that ends with the answer. It belongs to that one request, so no other agent's progress can get into it. An agent
 * that reads slowly gets the newest progress when it has caught up; nothing is queued for it.
 */
export class CallReply {
  readonly #reply: Reply
  readonly #token: Buffer
  readonly #keepAliveMs: number
  #stream: EventStream | undefined
  #keepAlive: NodeJS.Timeout | undefined
  /** What could not be sent yet. */
  #newest: AnswerBytes | undefined
  #isOver = false

  /** `token` is the agent's own, as JSON text. */
  constructor(reply: Reply, token: Buffer, keepAliveMs: number) {
    this.#reply = reply
    this.#token = token
    this.#keepAliveMs = keepAliveMs
  }

  /** Passes on what an upstream said, with the agent's token in place of the connection's. */
  progress({ bytes }: UpstreamProgress): void {
    if (this.#isOver || bytes.length > LONGEST_PROGRESS) return
    const span = members(bytes).get(META.progressToken)
    if (span === undefined) return
    const message = [START, bytes.subarray(0, span[0]), this.#token, bytes.subarray(span[1]), END]
    const stream = (this.#stream ??= this.#open())
    if (stream.isBehind) this.#newest = message
    else stream.send(...message)
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
    const stream = this.#reply.stream()
    this.#keepAlive = setInterval(() => {
      if (!stream.isBehind) stream.keepAlive()
    }, this.#keepAliveMs).unref()
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

/** JSON text of the progress token of a request; undefined when it wants no progress. */
export function progressTokenOf({ bytes, params, paramsSpan }: Message): Buffer | undefined {
  const { _meta: meta } = params as { _meta?: { progressToken?: unknown } | null }
  const token = meta?.progressToken
  if ((typeof token !== 'string' && typeof token !== 'number') || paramsSpan === undefined) return undefined
  const metaSpan = members(bytes, paramsSpan[0]).get('_meta')
  const span = metaSpan && members(bytes, metaSpan[0]).get(META.progressToken)
  return span && bytes.subarray(span[0], span[1])
}
