import type { ServedIntegration } from '../integrations/served-integration.ts'
import type { UpstreamTool } from '../upstream/tool-list.ts'

/** Where a call goes: looked up by name, never parsed out of it. */
export interface Route {
  integration: ServedIntegration
  tool: UpstreamTool
  gatewayName: string
}

/** One list of tools that agents can see, ready to be sent, and the way to each of them. */
export class View {
  readonly routes: ReadonlyMap<string, Route>
  #texts: readonly Buffer[] | undefined
  #tools: Buffer | undefined

  constructor(routes: ReadonlyMap<string, Route>, texts: readonly Buffer[]) {
    this.routes = routes
    this.#texts = texts
  }

  /** JSON text of the tools array. Joined when it is first listed: agents in lazy mode never do. */
  get tools(): Buffer {
    this.#tools ??= jsonArray(this.#texts ?? [])
    this.#texts = undefined
    return this.#tools
  }
}

export function jsonArray(texts: readonly Buffer[]): Buffer {
  const comma = Buffer.from(',')
  const parts = texts.flatMap((text, index) => (index === 0 ? [text] : [comma, text]))
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')])
}
