import type { Call } from '../../shared/contract/calls.ts'
import { Subscriptions } from '../base/subscriptions.ts'
import type { CallRow } from '../store/calls-store.ts'
import { toCall } from './call.ts'

/** What a follower may fall behind; older calls are left out then. */
const MAX_BEHIND = 5_000

/** Those who read calls as they end. What one has not read yet waits for it as one batch. */
export class CallFollowers {
  readonly #subscriptions = new Subscriptions<readonly CallRow[], Call[]>((behind, calls) => [
    [...behind.flat(), ...calls].slice(-MAX_BEHIND),
  ])

  add(wants: (row: CallRow) => boolean, signal: AbortSignal): AsyncIterableIterator<Call[]> {
    const pick = (rows: readonly CallRow[]) => {
      const wanted = rows.filter(wants)
      return wanted.length === 0 ? undefined : wanted.map(toCall)
    }
    return this.#subscriptions.add(pick, signal)
  }

  tell(rows: readonly CallRow[]): void {
    this.#subscriptions.tell(rows)
  }

  close(): void {
    this.#subscriptions.close()
  }
}
