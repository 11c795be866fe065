import type { ServedIntegration } from '../integrations/served-integration.ts'
import type { UpstreamTool } from '../upstream/tool-list.ts'
import { ListBytes, type Text } from './list-bytes.ts'

/** Where a call goes: looked up by name, never parsed out of it. */
export interface Route {
  integration: ServedIntegration
  tool: UpstreamTool
  gatewayName: string
}

/** One list of tools that agents can see, ready to be sent, and the way to each of them. */
export class View {
  readonly routes: ReadonlyMap<string, Route>
  #texts: readonly Text[] | undefined
  #ready: Buffer | undefined
  #tools: ListBytes | undefined

  constructor(routes: ReadonlyMap<string, Route>, texts: readonly Text[], ready?: Buffer) {
    this.routes = routes
    this.#texts = texts
    this.#ready = ready
  }

  /** Joined when it is first listed: agents in lazy mode never do. */
  get tools(): ListBytes {
    this.#tools ??= new ListBytes(this.#texts ?? [], { ready: this.#ready })
    this.#texts = undefined
    this.#ready = undefined
    return this.#tools
  }
}
