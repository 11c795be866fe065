import type { Connection } from '../../../shared/contract/integrations.ts'
import { isObject } from '../../base/is-object.ts'
import { ListBuilder } from '../../upstream/list-builder.ts'
import { answerOf } from '../../upstream/nobody.ts'
import { emptyOffer, type Offer } from '../../upstream/offer.ts'
import type { OwnToolResult } from '../../upstream/own-tools.ts'
import { ToolList, toolRules } from '../../upstream/tool-list.ts'
import type { Upstream, UpstreamAnswer, UpstreamRequest, UpstreamSession } from '../../upstream/upstream.ts'
import { DEFINITIONS, SLUG } from './definitions.ts'
import type { ReportCalls } from './report-calls.ts'

interface ReportUpstreamOptions {
  workspace: string
  calls: ReportCalls
  /** Name of an agent by the id that it calls with; undefined: there is none any more. */
  agentName: (id: string) => string | undefined
}

/** Agents of either era get its answers with the least bridging in this one. */
const ERA = { era: 'legacy', protocolVersion: '2025-11-25' } as const
const METHOD_NOT_FOUND = -32601
const INVALID_PARAMS = -32602
const nothing = () => undefined

/** The same for every workspace. */
export function reportOffer(): Offer {
  const builder = new ListBuilder(toolRules())
  const page = { tools: DEFINITIONS }
  builder.addPage(Buffer.from(JSON.stringify(page)), page)
  return { ...emptyOffer, capabilities: { tools: {} }, tools: new ToolList(builder.build()) }
}

/**
 * Gatehouse itself in the place of an MCP server, so that filter, profile, search, call log and both eras hold for its own tools
 * as for all others. It is always connected.
 */
export class ReportUpstream implements Upstream {
  readonly id: string
  readonly slug = SLUG
  readonly connection: Connection
  readonly offer: Offer
  readonly #options: ReportUpstreamOptions
  readonly #session: UpstreamSession = {
    ...ERA,
    request: (request) => this.#request(request),
    notify: () => Promise.resolve(),
  }

  constructor(offer: Offer, options: ReportUpstreamOptions) {
    this.id = `${SLUG}:${options.workspace}`
    this.offer = offer
    this.#options = options
    this.connection = {
      state: 'connected',
      error: null,
      protocol_version: null,
      server_info: null,
      tool_count: offer.tools.tools.length,
      warnings: [],
      since: new Date().toISOString(),
      next_retry_at: null,
    }
  }

  get tools(): ToolList {
    return this.offer.tools
  }

  session(): Promise<UpstreamSession> {
    return Promise.resolve(this.#session)
  }

  readonly subscribe = () => nothing
  readonly wantLogLevel = () => nothing
  readonly freshen = nothing
  readonly release = nothing
  readonly restart = nothing
  readonly close = () => Promise.resolve()

  async #request({ method, params, caller }: UpstreamRequest): Promise<UpstreamAnswer> {
    if (method === 'tools/list') return rawResult(`{"tools":${this.tools.text}}`)
    if (method === 'ping') return rawResult('{}')
    if (method !== 'tools/call') return answerOf('error', { code: METHOD_NOT_FOUND, message: `There is no ${method}.` })
    const given: unknown = JSON.parse(params.toString())
    const { name, arguments: args } = isObject(given) ? given : {}
    const { workspace, calls, agentName } = this.#options
    const agentId = caller?.principal.agentId
    const agent = agentId === undefined ? null : (agentName(agentId) ?? 'an agent that was removed')
    const result = typeof name === 'string' ? await calls.call({ workspace, agent }, name, args) : undefined
    if (result !== undefined) return toolAnswer(result)
    return answerOf('error', { code: INVALID_PARAMS, message: `There is no tool ${JSON.stringify(name)}.` })
  }
}

function rawResult(text: string): UpstreamAnswer {
  return { kind: 'result', bytes: Buffer.from(text), value: JSON.parse(text) as unknown }
}

/** The text of what is structured is there as well, for agents that read text only. */
function toolAnswer(result: OwnToolResult): UpstreamAnswer {
  if ('text' in result) {
    const { text, isError = false } = result
    return answerOf('result', { content: [{ type: 'text', text }], ...(isError && { isError }) })
  }
  const { structured } = result
  return answerOf('result', {
    content: [{ type: 'text', text: JSON.stringify(structured) }],
    structuredContent: structured,
  })
}
