import type { ChangeEvent } from '../../shared/contract/events.ts'
import { Subscriptions } from './subscriptions.ts'

/** What a reader may fall behind before it is told to load everything again. */
const MAX_QUEUED = 1_000

interface News {
  /** Undefined: for all of them. */
  workspace: string | undefined
  event: ChangeEvent
}

/** Tells the doors what changed, workspace by workspace. Nothing in the core waits for these events or does work on them. */
export class Emitter {
  readonly #subscriptions = new Subscriptions<News, ChangeEvent>((queued, event) =>
    // What was missed can't be told apart any more: all that is queued gives way to one word.
    queued.length < MAX_QUEUED ? [...queued, event] : [{ type: 'resync' }],
  )

  emit(workspace: string, event: ChangeEvent): void {
    this.#subscriptions.tell({ workspace, event })
  }

  /** For what all workspaces share, for example the vault. */
  emitToAll(event: ChangeEvent): void {
    this.#subscriptions.tell({ workspace: undefined, event })
  }

  /** Every change from this moment until `signal` aborts or the reader stops. A reader that falls behind gets one `resync`. */
  subscribe(workspace: string, signal: AbortSignal): AsyncIterableIterator<ChangeEvent> {
    const pick = (news: News) => (news.workspace === undefined || news.workspace === workspace ? news.event : undefined)
    return this.#subscriptions.add(pick, signal)
  }

  close(): void {
    this.#subscriptions.close()
  }
}
