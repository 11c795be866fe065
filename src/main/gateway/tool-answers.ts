import { resultAnswer, rpcErrorAnswer, type AnswerBytes } from './answer.ts'
import type { Catalog, View } from './catalog.ts'
import { DISCOVER_TOOLS, discoverTools } from './discover.ts'
import type { Message } from './message.ts'
import { META, RPC } from './protocol.ts'
import type { Caller, Relay, RelayedAnswer } from './relay.ts'

/** How long a modern agent may keep a list without asking again; it hears of changes on `subscriptions/listen`. */
const LIST_TTL_MS = 5_000

const TOOLS = Buffer.from('{"tools":')
const END = Buffer.from('}')

/** What stands behind `/mcp` or one `/mcp/<slug>` at the moment of a request. */
export interface Endpoint {
  catalog: Catalog
  slug: string | undefined
  view: View
}

/** `tools/list` and `tools/call`, which both eras ask for alike. */
export class ToolAnswers {
  readonly #relay: Relay
  readonly #modernEnd: Buffer
  readonly #serverInfo: string

  constructor(relay: Relay, serverInfo: string) {
    this.#relay = relay
    this.#serverInfo = serverInfo
    this.#modernEnd = Buffer.from(
      `,"resultType":"complete","ttlMs":${LIST_TTL_MS},"cacheScope":"private","_meta":{"${META.serverInfo}":${serverInfo}}}`,
    )
  }

  /** The ready list with the agent's id in front. There is one page, so no cursor can be one of ours. */
  list(view: View, { id, params }: Message, era: Caller['era']): AnswerBytes {
    if (params.cursor !== undefined) {
      return rpcErrorAnswer(id, { code: RPC.invalidParams, message: 'Invalid cursor: the list has one page.' })
    }
    return resultAnswer(id, [TOOLS, view.tools, era === 'modern' ? this.#modernEnd : END])
  }

  async call({ catalog, slug, view }: Endpoint, message: Message, caller: Caller): Promise<RelayedAnswer> {
    if (slug !== undefined || message.params.name !== DISCOVER_TOOLS) {
      return this.#relay.callTool(view, message, caller)
    }
    const result = JSON.stringify(await discoverTools(catalog, message.params.arguments))
    return { body: resultAnswer(message.id, [Buffer.from(this.#forEra(result, caller.era))]) }
  }

  #forEra(result: string, era: Caller['era']): string {
    if (era === 'legacy') return result
    return `${result.slice(0, -1)},"resultType":"complete","_meta":{"${META.serverInfo}":${this.#serverInfo}}}`
  }
}
