import { isObject } from '../base/is-object.ts'
import { members, spanOf } from '../base/json-members.ts'
import { withMeta } from '../base/json-splice.ts'
import { answerOf } from '../upstream/nobody.ts'
import type { ServerRequest, UpstreamAnswer } from '../upstream/upstream.ts'
import type { AnswerBytes } from './answer.ts'
import type { Message } from './message.ts'
import { META, RPC } from './protocol.ts'

/** Requests of servers that one agent has not answered yet. A person answers few at a time. */
const MOST_OPEN = 64

interface Open {
  answer(answer: UpstreamAnswer): void
  /** Passes on what the agent says of its progress. Undefined: the server does not want to hear of it. */
  progress: ((params: Buffer) => void) | undefined
}

/**
 * Requests of servers that wait for the agent of one legacy session. Ids and progress tokens are our own, since two servers
 * may use the same ones. An answer counts only in the session that was asked, and once; all others are ignored.
 */
export class AgentRequests {
  readonly #open = new Map<number, Open>()
  readonly #timeoutMs: number
  #lastId = 0

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** Asks by `send`, which gets whole messages in pieces. Resolves with what goes back to the server; never rejects. */
  ask(request: ServerRequest, send: (message: AnswerBytes) => void): Promise<UpstreamAnswer> {
    if (this.#open.size >= MOST_OPEN) {
      return Promise.resolve(refusal(RPC.internalError, 'Too many requests wait for this client.'))
    }
    const { method, signal } = request
    return new Promise((resolve) => {
      const id = ++this.#lastId
      const answer = (given: UpstreamAnswer): void => {
        if (!this.#open.delete(id)) return
        clearTimeout(timer)
        signal.removeEventListener('abort', cancel)
        resolve(given)
      }
      const cancel = (): void => {
        if (!this.#open.has(id)) return
        send([Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`)])
        answer(refusal(RPC.internalError, 'The request was cancelled.'))
      }
      const late = (): void => {
        send([
          Buffer.from(
            `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id},"reason":"Not answered in time."}}`,
          ),
        ])
        answer(refusal(RPC.internalError, `The client did not answer ${method} in time.`))
      }
      const timer = setTimeout(late, this.#timeoutMs)
      this.#open.set(id, { answer, progress: progressTo(request) })
      signal.addEventListener('abort', cancel, { once: true })
      send(requestText(id, request))
      if (signal.aborted) cancel()
    })
  }

  /** A JSON-RPC response of the agent. */
  answered({ id, bytes }: Message): void {
    const open = this.#open.get(Number(id.toString()))
    if (open === undefined) return
    const spans = members(bytes)
    const isError = spans.has('error')
    const span = spans.get(isError ? 'error' : 'result')
    if (span === undefined) return
    const given = bytes.subarray(span[0], span[1])
    open.answer({ kind: isError ? 'error' : 'result', bytes: given, value: JSON.parse(given.toString()) as unknown })
  }

  /** `notifications/progress` of the agent, about a request that it is answering. */
  progressed({ bytes, params, paramsSpan }: Message): void {
    const { progressToken } = params
    const open = typeof progressToken === 'number' ? this.#open.get(progressToken) : undefined
    if (paramsSpan !== undefined) open?.progress?.(bytes.subarray(paramsSpan[0], paramsSpan[1]))
  }

  /** Nobody is there any more to answer. */
  close(): void {
    for (const open of [...this.#open.values()]) {
      open.answer(refusal(RPC.internalError, 'The client has ended its session.'))
    }
  }
}

export function refusal(code: number, message: string): UpstreamAnswer {
  return answerOf('error', { code, message })
}

function requestText(id: number, { method, params, value }: ServerRequest): AnswerBytes {
  const start = Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)}`)
  if (params === undefined) return [start, Buffer.from('}')]
  const wantsProgress = isObject(value._meta) && Object.hasOwn(value._meta, META.progressToken)
  const own = wantsProgress ? withMeta(params, META.progressToken, String(id)) : params
  return [start, Buffer.from(',"params":'), own, Buffer.from('}')]
}

/** Says the agent's progress under the token that the server gave. */
function progressTo({ params, progress }: ServerRequest): Open['progress'] {
  if (params === undefined || progress === undefined) return undefined
  const meta = spanOf(params, '_meta')
  const span = meta && spanOf(params, META.progressToken, meta[0])
  if (span === undefined) return undefined
  const token = Buffer.from(params.subarray(span[0], span[1]))
  return (said) => {
    const own = spanOf(said, META.progressToken)
    if (own !== undefined) progress(Buffer.concat([said.subarray(0, own[0]), token, said.subarray(own[1])]))
  }
}
