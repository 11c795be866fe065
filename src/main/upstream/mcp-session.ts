import { AppError } from '../base/app-error.ts'
import type { Conversation } from './conversation.ts'
import { SessionLost } from './http-errors.ts'
import type { Opening } from './negotiate.ts'
import { NOBODY } from './nobody.ts'
import { paramHeaderValues, type ParamHeader } from './param-headers.ts'
import type { ToolList } from './tool-list.ts'
import type { Era, UpstreamAnswer, UpstreamRequest, UpstreamSession } from './upstream.ts'

const TOOLS_CALL = 'tools/call'

/** What may be asked a second time: it only reads. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
  'ping',
  'tasks/get',
  'tasks/list',
])

/** What the gateway calls on: the opened conversation with this connection's limit and, over HTTP, its headers. */
export class McpSession implements UpstreamSession {
  readonly era: Era
  readonly protocolVersion: string
  /** When the last request was made, on the monotonic clock. */
  lastUsed = performance.now()
  /** Where the server forgets this session: another one, for what may be repeated there. */
  reopen: ((request: UpstreamRequest) => Promise<UpstreamSession>) | undefined
  readonly #conversation: Conversation
  readonly #limits: { timeoutMs: number; maxMs: number }
  #headersByTool: Map<string, readonly ParamHeader[]> | undefined

  constructor(conversation: Conversation, opening: Opening, limits: { timeoutMs: number; maxMs: number }) {
    this.#conversation = conversation
    this.era = opening.era
    this.protocolVersion = opening.protocolVersion
    this.#limits = limits
  }

  request(asked: UpstreamRequest): Promise<UpstreamAnswer> {
    const answer = this.#request(asked)
    if (this.era === 'modern' || !REPEATABLE.has(asked.method)) return answer
    return answer.catch((failure: unknown) => this.#again(asked, failure))
  }

  /** Once: a server that forgets the next session as well is not asked a third time. */
  async #again(asked: UpstreamRequest, failure: unknown): Promise<UpstreamAnswer> {
    const isForgotten = failure instanceof AppError && failure.cause instanceof SessionLost
    if (!isForgotten || !this.reopen || asked.signal?.aborted === true) throw failure
    await this.#conversation.ended
    const next = await this.reopen(asked)
    // What was written for one era means nothing in the other.
    if (next.era !== this.era) throw failure
    return await (next instanceof McpSession ? next.#request(asked) : next.request(asked))
  }

  #request(asked: UpstreamRequest): Promise<UpstreamAnswer> {
    this.lastUsed = performance.now()
    const request = asked.caller ? asked : { ...asked, caller: NOBODY }
    const declared = request.method === TOOLS_CALL && this.#headersByTool?.get(request.name ?? '')
    if (!declared) return this.#conversation.request(request, this.#limits)
    const params = JSON.parse(request.params.toString('utf8')) as { arguments?: unknown }
    const headers = paramHeaderValues(declared, params.arguments)
    return this.#conversation.request({ ...request, headers }, this.#limits)
  }

  notify(method: string, params: Buffer | undefined): Promise<void> {
    return this.#conversation.notify(method, params)
  }

  /** Arguments that the tools of this list want repeated in headers. Only modern HTTP sends them. */
  sendHeadersFor(tools: ToolList): void {
    this.#headersByTool = new Map()
    for (const { name, paramHeaders } of tools.tools) {
      if (paramHeaders.length > 0) this.#headersByTool.set(name, paramHeaders)
    }
  }
}
