import { announces, offersSubscriptions } from './capabilities.ts'
import type { ConnectionWishes } from './connection-wishes.ts'
import type { Conversation } from './conversation.ts'
import { ListenStream, type ListenFilter } from './listen-stream.ts'
import type { Opening } from './negotiate.ts'
import type { Release, ServerNotification } from './upstream.ts'

export interface HearingOptions {
  conversation: Conversation
  opening: Opening
  wishes: ConnectionWishes
  /** For each request that tells the server of them. */
  timeoutMs: number
  /** Whether a modern server is to tell of changes of its lists as well. */
  lists: boolean
  /** A modern server tells what is wanted. `wasInterrupted`: something may have been missed since it did before. */
  opened?: (wasInterrupted: boolean) => void
  /** It does not, although it announced changes. */
  refused?: () => void
}

/** What one connection hears beside its calls: that lists have changed, and what agents wish to hear of. */
export class Hearing {
  readonly #options: HearingOptions
  readonly #stream: ListenStream | undefined
  readonly #detach: Release

  constructor(options: HearingOptions) {
    this.#options = options
    const { conversation, opening, wishes, timeoutMs } = options
    const { resources } = wishes
    this.#stream =
      opening.era === 'legacy'
        ? undefined
        : new ListenStream({
            conversation,
            wanted: () => this.#wanted(),
            opened: (wasInterrupted) => {
              if (wasInterrupted) resources.interrupted()
              resources.caughtUp()
              options.opened?.(wasInterrupted)
            },
            refused: () => options.refused?.(),
          })
    this.#detach = wishes.attach({ conversation, opening, listen: this.#stream, timeoutMs })
    void this.#stream?.renew()
  }

  /** News of the connection (CONNECTION_NEWS), but for those of lists. */
  heard(notification: ServerNotification): void {
    const { method } = notification
    if (method === 'notifications/subscriptions/acknowledged') this.#stream?.acknowledged()
    else if (method === 'notifications/resources/updated') this.#options.wishes.resources.updated(notification)
  }

  close(): void {
    this.#detach()
    this.#stream?.close()
  }

  #wanted(): ListenFilter | undefined {
    const { opening, wishes, lists } = this.#options
    const { capabilities } = opening
    const uris = offersSubscriptions(capabilities) ? wishes.resources.uris : []
    const filter: ListenFilter = {
      ...(lists && announces(capabilities, 'tools') && { toolsListChanged: true }),
      ...(lists && announces(capabilities, 'prompts') && { promptsListChanged: true }),
      ...(lists && announces(capabilities, 'resources') && { resourcesListChanged: true }),
      ...(uris.length > 0 && { resourceSubscriptions: uris }),
    }
    return Object.keys(filter).length > 0 ? filter : undefined
  }
}
