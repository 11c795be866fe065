import { Cancellation, type CancelSignal } from '../base/cancellation.ts'
import { methodNotFound } from '../upstream/nobody.ts'
import type { ServerNotification, ServerRequest, UpstreamAnswer, UpstreamCaller } from '../upstream/upstream.ts'
import type { Capabilities } from './agent-capabilities.ts'
import type { AnswerBytes } from './answer.ts'
import { CallReply, progressTokenOf } from './call-reply.ts'
import type { AgentIdentification } from './era-bridge.ts'
import type { Reply } from './exchange.ts'
import type { RunningCall, Session, SessionPrincipal } from './legacy-session.ts'
import type { Message } from './message.ts'
import { readVisits } from './input-needed.ts'
import { RPC } from './protocol.ts'
import type { Caller, RelayedAnswer } from './relay.ts'
import type { RequestRoute } from './request-route.ts'

/**
 * One request of a legacy agent while an upstream works on it. What the server asks and says because of it goes to the agent
 * on the stream of this request, and to nobody else. A closed connection does not cancel it: in these revisions only
 * `notifications/cancelled` does.
 */
export class LegacyCall implements Caller, UpstreamCaller, RunningCall {
  readonly era = 'legacy'
  readonly onProgress: Caller['onProgress']
  readonly id: Buffer
  readonly #session: Session
  readonly #place: number
  readonly #cancellation = new Cancellation()
  /** Undefined in a batch, whose answers are one JSON body. */
  readonly #reply: CallReply | undefined
  #principal: SessionPrincipal | undefined

  constructor(session: Session, message: Message, reply: Reply | undefined, keepAliveMs: number) {
    this.#session = session
    this.id = message.id
    if (reply !== undefined) {
      const token = progressTokenOf(message)
      this.#reply = new CallReply(reply, { keepAliveMs, token, session })
      if (token !== undefined) this.onProgress = (progress) => this.#reply?.progress(progress)
    }
    this.#place = session.calls.add(this)
  }

  get signal(): CancelSignal {
    return this.#cancellation
  }

  get identification(): AgentIdentification {
    return this.#session.identification
  }

  get declared(): Capabilities {
    return this.#session.declared
  }

  audience({ integration }: RequestRoute): UpstreamCaller {
    this.#principal = this.#session.principalOf(integration)
    return this
  }

  get principal(): SessionPrincipal {
    if (this.#principal === undefined) throw new Error('No upstream has this call yet.')
    return this.#principal
  }

  ask(request: ServerRequest): Promise<UpstreamAnswer> {
    const reply = this.#reply
    if (reply === undefined) return this.principal.ask(request)
    if (!reply.canSend) return Promise.resolve(methodNotFound(request.method))
    return this.principal.askBy((message) => reply.send(message), request)
  }

  hear(notification: ServerNotification): void {
    if (this.#reply === undefined) {
      this.principal.hear(notification)
      return
    }
    const message = this.principal.messageFor(notification)
    if (message !== undefined) this.#reply.tell(message)
  }

  /** Remembers the pages that a server wants a person to visit first: it tells by their ids when that is done. */
  noted(answer: RelayedAnswer): RelayedAnswer {
    if (answer.error?.code !== RPC.urlElicitationRequired || answer.answer === undefined) return answer
    for (const { value } of readVisits(answer.answer)) {
      this.#session.visits(this.principal.upstream.id, value.elicitationId)
    }
    return answer
  }

  cancel(): void {
    this.#cancellation.abort()
  }

  /** It can't be cancelled any more. To be called once. */
  over(): void {
    this.#session.calls.remove(this.#place)
  }

  /** Writes the answer, unless it goes into a batch. */
  answer(body: AnswerBytes): void {
    this.#reply?.answer(200, body)
  }
}
