import type { AppError } from '../base/app-error.ts'
import { announces, declares } from './capabilities.ts'
import { connect, type Connected, type ConnectOptions } from './connect.ts'
import { CONNECTION_NEWS } from './connection-news.ts'
import type { ConnectionWishes } from './connection-wishes.ts'
import type { Connector } from './connector.ts'
import type { NotificationListener } from './conversation.ts'
import { Hearing } from './hearing.ts'
import { KeepAlive } from './keep-alive.ts'
import { LIST_KINDS } from './known-offer.ts'
import { listItems } from './list-items.ts'
import { ListQueue } from './list-queue.ts'
import { listTools } from './list-tools.ts'
import { McpSession } from './mcp-session.ts'
import type { Opening } from './negotiate.ts'
import type { Offer } from './offer.ts'
import type { ToolList } from './tool-list.ts'
import type { ListKind, ServerNotification } from './upstream.ts'

/** Changes are waited for so long, so that many become one. */
const COALESCE_MS = 100
/** A list of a server that does not tell of changes is known well enough for so long. */
const FRESH_MS = 10_000

const CHANGED_BY: ReadonlyMap<string, readonly ListKind[]> = new Map([
  ['notifications/tools/list_changed', ['tools']],
  ['notifications/prompts/list_changed', ['prompts']],
  ['notifications/resources/list_changed', ['resources', 'templates']],
])

export interface LinkOptions extends Omit<ConnectOptions, 'onNotification'> {
  /** Hears of what belongs to no call and no list. */
  said?: NotificationListener
}

export interface LinkNews {
  /** What agents want to hear. */
  wishes: ConnectionWishes
  /** Whether its lists are kept: the server is to tell of changes of them as well. */
  lists: boolean
}

/** Who hears of the lists of an open link. Must not throw. */
export interface LinkListener {
  listed(kind: ListKind, found: Partial<Offer>, warnings: readonly string[]): void
  /** Listing failed; what was known stays. */
  listFailed(kind: ListKind, error: unknown): void
}

/** One connection from its opening to its end: the session, the lists, and the news of changes in them. */
export class Link {
  readonly opening: Opening
  readonly session: McpSession
  readonly #conversation: Connected['conversation']
  readonly #connector: Connector
  readonly #options: LinkOptions
  readonly #closing = new AbortController()
  readonly #lists = new ListQueue((kind) => this.#list(kind), COALESCE_MS)
  /** When each list was asked for last, on the monotonic clock. */
  readonly #listedAt = new Map<ListKind, number>()
  #hearing: Hearing | undefined
  #hasListened = false
  /** It announces changes and then does not offer to tell them. */
  #isSilent = false
  #listener: LinkListener | undefined
  #keepAlive: KeepAlive | undefined

  /** Connects and agrees on an era. Throws AppError. */
  static async open(connector: Connector, options: LinkOptions): Promise<Link> {
    const made: { link?: Link } = {}
    const connected = await connect(connector, {
      ...options,
      onNotification: (notification) => {
        if (made.link) made.link.#heard(notification)
        // News that come before the opening is over are of lists that were not asked for yet.
        else if (!CONNECTION_NEWS.has(notification.method)) options.said?.(notification)
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

  /** Nobody waits for an answer. */
  get isQuiet(): boolean {
    return this.#conversation.isQuiet
  }

  /** Tools come first: an agent can work with them before it knows the rest. */
  async list(signal: AbortSignal): Promise<ToolList> {
    const { callTimeoutMs } = this.#options.limits
    this.#listedAt.set('tools', performance.now())
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

  /** From here on changes are heard of, and its silent end. Before the first list, so that none falls between. */
  listen({ wishes, lists }: LinkNews): void {
    const { callTimeoutMs, keepAlive } = this.#options.limits
    if (this.#connector.kind === 'sse') this.#keepAlive = new KeepAlive(this.#conversation, keepAlive)
    this.#hearing = new Hearing({
      conversation: this.#conversation,
      opening: this.opening,
      wishes,
      timeoutMs: callTimeoutMs,
      lists,
      opened: (wasInterrupted) => {
        // The first one may have come up after a list was made.
        const isLate = !this.#hasListened && this.#listener !== undefined
        this.#hasListened = true
        if (wasInterrupted || isLate) this.#listAnnounced()
      },
      refused: () => {
        this.#isSilent = true
      },
    })
  }

  /** Lists what else the server has, and again whatever it says has changed. */
  watch(listener: LinkListener): void {
    this.#listener = listener
    void this.#listRest()
  }

  /** Lists again soon where the server does not tell of changes and what is known has become old. */
  freshen(kind: ListKind): void {
    const { capabilities } = this.opening
    const isTold = announces(capabilities, kind) && !this.#isSilent && !this.#conversation.isDeaf
    if (isTold) return
    const listedAt = this.#listedAt.get(kind)
    if (listedAt !== undefined && performance.now() - listedAt >= FRESH_MS) this.#lists.add(kind)
  }

  /** Resolves when no request was made for so long and none is open. */
  untilIdle(idleMs: number): Promise<'idle'> {
    return new Promise((resolve) => {
      const check = () => {
        const restMs = this.session.lastUsed + idleMs - performance.now()
        if (restMs <= 0 && this.isQuiet) resolve('idle')
        else timer = setTimeout(check, Math.max(restMs, idleMs / 10))
      }
      let timer = setTimeout(check, idleMs)
      this.#closing.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
    })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#lists.close()
    this.#hearing?.close()
    this.#keepAlive?.close()
    await this.#conversation.close()
  }

  #heard(notification: ServerNotification): void {
    const { method } = notification
    const kinds = CHANGED_BY.get(method)
    if (kinds) {
      for (const kind of kinds) if (this.#listedAt.has(kind)) this.#lists.add(kind)
    } else if (CONNECTION_NEWS.has(method)) this.#hearing?.heard(notification)
    else this.#options.said?.(notification)
  }

  async #listRest(): Promise<void> {
    const { capabilities } = this.opening
    for (const kind of LIST_KINDS) {
      if (kind !== 'tools' && declares(capabilities, kind)) await this.#list(kind)
    }
    this.#lists.start()
  }

  async #list(kind: ListKind): Promise<void> {
    const { signal } = this.#closing
    const listener = this.#listener
    if (signal.aborted || !listener) return
    this.#listedAt.set(kind, performance.now())
    try {
      if (kind === 'tools') {
        const tools = await this.list(signal)
        listener.listed(kind, { tools }, tools.warnings)
      } else {
        const { callTimeoutMs } = this.#options.limits
        const { list, warnings } = await listItems(this.#conversation, kind, { timeoutMs: callTimeoutMs, signal })
        listener.listed(kind, { [kind]: list }, warnings)
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) listener.listFailed(kind, this.#connector.filter.error(error))
    }
  }

  #listAnnounced(): void {
    for (const kind of this.#listedAt.keys()) if (announces(this.opening.capabilities, kind)) this.#lists.add(kind)
  }
}
