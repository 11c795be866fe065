import type { Conversation } from './conversation.ts'
import type { Opening } from './negotiate.ts'
import { NOBODY } from './nobody.ts'
import { paramHeaderValues, type ParamHeader } from './param-headers.ts'
import type { ToolList } from './tool-list.ts'
import type { Era, UpstreamAnswer, UpstreamRequest, UpstreamSession } from './upstream.ts'

const TOOLS_CALL = 'tools/call'

/** What the gateway calls on: the opened conversation with this connection's limit and, over HTTP, its headers. */
export class McpSession implements UpstreamSession {
  readonly era: Era
  readonly protocolVersion: string
  /** When the last request was made, on the monotonic clock. */
  lastUsed = performance.now()
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

  /** Modern HTTP: arguments that the tools of this list want repeated in headers. */
  sendHeadersFor(tools: ToolList): void {
    this.#headersByTool = new Map()
    for (const { name, paramHeaders } of tools.tools) {
      if (paramHeaders.length > 0) this.#headersByTool.set(name, paramHeaders)
    }
  }
}
