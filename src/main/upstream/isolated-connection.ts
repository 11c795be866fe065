import type { EraSetting } from '../../shared/contract/integrations.ts'
import { messageOf } from '../base/message-of.ts'
import { connectionClosed } from './connection-errors.ts'
import type { ConnectionWishes } from './connection-wishes.ts'
import type { Connector } from './connector.ts'
import type { UpstreamLimits } from './limits.ts'
import { Link } from './link.ts'
import type { McpSession } from './mcp-session.ts'
import type { ClientInfo } from './modern-meta.ts'
import type { StartSlots } from './start-slots.ts'
import { stripControls } from './text-tail.ts'
import type { ToolList } from './tool-list.ts'
import type { Principal } from './upstream.ts'

export interface IsolatedConnectionOptions {
  limits: UpstreamLimits
  starts: StartSlots
  clientInfo: ClientInfo
  connector(): Promise<Connector>
  era(): EraSetting
  /** It is open: the last chance to prepare it before it is used. */
  opened(link: Link): void
  /** A line for the integration's Output. */
  tell(event: string): void
}

const MAX_NAME = 60

/** A connection to a server that serves one principal at a time, and only those that declare the same. */
export class IsolatedConnection {
  readonly session: Promise<McpSession>
  /** Resolves when it is closed, for whatever reason. Never rejects. */
  readonly ended: Promise<void>
  readonly #options: IsolatedConnectionOptions
  readonly #name: string
  readonly #wishes: ConnectionWishes
  readonly #closing = new AbortController()
  #principal: Principal
  #lastUsed = performance.now()
  #over = false
  #link: Link | undefined

  /** `number` tells it from others in the Output: an agent's session id is none of a reader's business. */
  constructor(principal: Principal, number: number, wishes: ConnectionWishes, options: IsolatedConnectionOptions) {
    this.#principal = principal
    this.#wishes = wishes
    this.#options = options
    this.#name = `Connection ${number}, for ${nameOf(principal)} alone`
    this.session = this.#open()
    this.session.catch(() => undefined)
    this.ended = this.session.then(
      () => this.#untilEnd(),
      (error: unknown) => options.tell(`${this.#name}, was not opened: ${messageOf(error)}`),
    )
  }

  /** Whom the server speaks to outside of any call. */
  get principal(): Principal {
    return this.#principal
  }

  /** Since when nothing runs on it and no resource of it is watched, on the monotonic clock. Undefined: it is in use. */
  get idleSince(): number | undefined {
    if (this.#link?.isQuiet === true && !this.#wishes.watches) return this.#lastUsed
    this.#lastUsed = performance.now()
    return undefined
  }

  /** Nothing comes on it any more, although its process may still be there. */
  get isOver(): boolean {
    return this.#over
  }

  /** A call is about to be made on behalf of this principal. */
  serve(principal: Principal): void {
    this.#principal = principal
    this.#lastUsed = performance.now()
  }

  /** A server takes what its client can do from the opening: who can do something else needs another connection. */
  isFor({ capabilities, clientInfo }: Principal): boolean {
    const { principal } = this
    return principal.capabilities.equals(capabilities) && sameText(principal.clientInfo, clientInfo)
  }

  /** These are the tools that may be called. One that is not open yet asks for them when it is. */
  prepareFor(tools: ToolList): void {
    this.#link?.prepareFor(tools)
  }

  async close(): Promise<void> {
    this.#closing.abort(connectionClosed())
    await this.#link?.close()
    await this.ended
  }

  async #open(): Promise<McpSession> {
    const { limits, clientInfo, starts } = this.#options
    const { signal } = this.#closing
    const connector = await this.#options.connector()
    const open = () =>
      Link.open(connector, {
        client: clientInfo,
        declared: this.#principal,
        limits,
        era: this.#options.era(),
        signal,
        said: (notification) => this.#principal.hear(notification),
        onRequest: (request) => this.#principal.ask(request),
      })
    const link = connector.kind === 'stdio' ? await starts.run(open, limits.startTimeoutMs, signal) : await open()
    this.#link = link
    if (signal.aborted) {
      await link.close()
      throw signal.reason
    }
    // The lists are those of the shared connection, which hears of their changes itself.
    link.listen({ wishes: this.#wishes, lists: false })
    this.#options.tell(`${this.#name}, was opened.`)
    this.#options.opened(link)
    return link.session
  }

  async #untilEnd(): Promise<void> {
    const reason = await this.#link?.ended
    this.#over = true
    // What the server left behind: a process that closed its output is still one.
    await this.#link?.close()
    this.#options.tell(`${this.#name}, has ended: ${reason?.message ?? ''}`)
  }
}

function sameText(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b)
}

/** How the agent's program calls itself: a stranger's words. */
function nameOf({ clientInfo }: Principal): string {
  const info = clientInfo && (JSON.parse(clientInfo.toString()) as { name?: unknown } | null)
  const name = typeof info?.name === 'string' ? stripControls(info.name).trim().slice(0, MAX_NAME) : ''
  return name === '' ? 'one agent' : name
}
