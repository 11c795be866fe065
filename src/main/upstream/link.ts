import { setTimeout as wait } from 'node:timers/promises'
import type { AppError } from '../base/app-error.ts'
import { Coalescer } from './coalesce.ts'
import { connect, type Connected, type ConnectOptions } from './connect.ts'
import { CONNECTION_NEWS } from './connection-news.ts'
import type { Connector } from './connector.ts'
import type { NotificationListener } from './conversation.ts'
import { KeepAlive } from './keep-alive.ts'
import { listTools } from './list-tools.ts'
import { McpSession } from './mcp-session.ts'
import type { Opening } from './negotiate.ts'
import type { ToolList } from './tool-list.ts'

/** Changes of a list are waited for so long, so that many become one. */
const COALESCE_MS = 100
const LISTEN_AGAIN_FIRST_MS = 1_000
const LISTEN_AGAIN_MAX_MS = 60_000
const LIST_CHANGED = 'notifications/tools/list_changed'

export interface LinkOptions extends Omit<ConnectOptions, 'onNotification'> {
  /** Hears of what belongs to no call and no list. */
  said?: NotificationListener
}

/** Who hears of the tools of an open link. Must not throw. */
export interface LinkListener {
  tools(list: ToolList): void
  /** Listing again failed; what was known stays. */
  listFailed(error: unknown): void
}

/** One connection from its opening to its end: the session, the list of tools, and the news of changes in it. */
export class Link {
  readonly opening: Opening
  readonly session: McpSession
  readonly #conversation: Connected['conversation']
  readonly #connector: Connector
  readonly #options: LinkOptions
  readonly #closing = new AbortController()
  #refresh: Coalescer | undefined
  #keepAlive: KeepAlive | undefined

  /** Connects and agrees on an era. Throws AppError. */
  static async open(connector: Connector, options: LinkOptions): Promise<Link> {
    const made: { link?: Link } = {}
    const connected = await connect(connector, {
      ...options,
      onNotification: (notification) => {
        if (!CONNECTION_NEWS.has(notification.method)) options.said?.(notification)
        else if (notification.method === LIST_CHANGED && made.link) made.link.#refresh?.trigger()
      },
    })
    made.link = new Link(connected, connector, options)
    return made.link
  }

  private constructor(connected: Connected, connector: Connector, options: LinkOptions) {
    this.#conversation = connected.conversation
    const { opening } = connected
    this.opening = { ...opening, serverInfo: opening.serverInfo && connector.filter.facts(opening.serverInfo) }
    this.#connector = connector
    this.#options = options
    const { callTimeoutMs, maxCallMs } = options.limits
    this.session = new McpSession(connected.conversation, opening, { timeoutMs: callTimeoutMs, maxMs: maxCallMs })
  }

  get #isHttp(): boolean {
    return this.#connector.kind === 'http'
  }

  /** Resolves with the reason when the server is gone or the link was closed. */
  get ended(): Promise<AppError> {
    return this.#conversation.ended
  }

  async list(signal: AbortSignal): Promise<ToolList> {
    const { callTimeoutMs } = this.#options.limits
    try {
      const limits = { timeoutMs: callTimeoutMs, signal, http: this.#isHttp }
      const list = await listTools(this.#conversation, this.opening, limits)
      this.prepareFor(list)
      return list
    } catch (error) {
      throw this.#connector.filter.error(error)
    }
  }

  /** These are the tools that may be called: some want arguments repeated in headers. */
  prepareFor(tools: ToolList): void {
    if (this.#isHttp && this.opening.era === 'modern') this.session.sendHeadersFor(tools)
  }

  /** Lists again whenever the server says that its tools changed, and ends when it is silently gone. */
  watch(listener: LinkListener): void {
    const again = async () => {
      try {
        listener.tools(await this.list(this.#closing.signal))
      } catch (error) {
        if (!this.#closing.signal.aborted) listener.listFailed(error)
      }
    }
    this.#refresh = new Coalescer(again, COALESCE_MS)
    if (this.#connector.kind === 'sse') {
      this.#keepAlive = new KeepAlive(this.#conversation, this.#options.limits.keepAlive)
    }
    const tools = this.opening.capabilities.tools
    const announces =
      typeof tools === 'object' && tools !== null && (tools as Record<string, unknown>).listChanged === true
    if (this.opening.era === 'modern' && announces) void this.#subscribe()
  }

  /** Resolves when no request was made for so long and none is open. */
  untilIdle(idleMs: number): Promise<'idle'> {
    return new Promise((resolve) => {
      const check = () => {
        const restMs = this.session.lastUsed + idleMs - performance.now()
        if (restMs <= 0 && this.#conversation.isQuiet) resolve('idle')
        else timer = setTimeout(check, Math.max(restMs, idleMs / 10))
      }
      let timer = setTimeout(check, idleMs)
      this.#closing.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
    })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#refresh?.close()
    this.#keepAlive?.close()
    await this.#conversation.close()
  }

  /**
   * Modern servers speak unasked only on a `subscriptions/listen` request, which stays open until either side ends it.
   * When it ends something may have been missed: list again, and open it again, later each time.
   */
  async #subscribe(): Promise<void> {
    const { signal } = this.#closing
    const params = Buffer.from('{"notifications":{"toolsListChanged":true}}')
    for (let delayMs = LISTEN_AGAIN_FIRST_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, LISTEN_AGAIN_MAX_MS)) {
      const startedAt = performance.now()
      try {
        const answer = await this.#conversation.request(
          { method: 'subscriptions/listen', params, signal },
          { timeoutMs: 0 },
        )
        if (answer.kind === 'error') return // it announces changes and then does not offer to tell them
      } catch {
        // the stream broke: the same as an end
      }
      if (performance.now() - startedAt > LISTEN_AGAIN_MAX_MS) delayMs = LISTEN_AGAIN_FIRST_MS
      await wait(delayMs, undefined, { signal }).catch(() => undefined)
      this.#refresh?.trigger()
    }
  }
}
