import { AppError } from '../base/app-error.ts'
import type { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import type { IntegrationsStore } from '../store/integrations-store.ts'
import type { HeldIntegration } from './held-integration.ts'
import { integrationKey } from './held-integrations.ts'

interface DeletedIntegrationsOptions {
  store: Pick<IntegrationsStore, 'markDeleted' | 'restore' | 'delete' | 'eraseDeleted'>
  /** The queue of all writes, by integration. */
  writes: KeyedQueue
  /** It can not come back any more. */
  gone: (id: string) => void
  /** Takes back what servers gave for it. Waits a moment at most, and never throws. */
  revoke: (deleted: HeldIntegration) => Promise<void>
  log: Pick<Logger, 'warn'>
}

type Known = Pick<HeldIntegration, 'offer' | 'pins'>

/**
 * Integrations that are deleted but can be brought back for a moment. Nobody sees them any more; their rows are still
 * there, marked. What is marked when the gateway ends, or is killed, is erased then or at the next start.
 */
export class DeletedIntegrations {
  readonly #options: DeletedIntegrationsOptions
  readonly #byKey = new Map<string, { deleted: HeldIntegration; timer: NodeJS.Timeout }>()

  constructor(options: DeletedIntegrationsOptions) {
    this.#options = options
  }

  /** Marks it and begins to count. Called in the queue. */
  async keep(deleted: HeldIntegration, undoMs: number): Promise<void> {
    const { id, workspace, name } = deleted.record
    await this.#options.store.markDeleted(id)
    const timer = setTimeout(() => void this.#expire(deleted), undoMs).unref()
    this.#byKey.set(integrationKey(workspace, name), { deleted, timer })
  }

  /** What it was, with its secrets. Called in the queue; throws `not_found` when it is too late. */
  async restore(
    workspace: string,
    name: string,
  ): Promise<Known & Pick<HeldIntegration, 'record' | 'secrets' | 'oauth'>> {
    const kept = this.#byKey.get(integrationKey(workspace, name))
    if (kept === undefined) {
      const message = `There is no deleted integration named ${name} to bring back: the time to undo is over, or it was not deleted.`
      throw new AppError('not_found', { message })
    }
    const { record, offer, pins } = kept.deleted
    const stored = await this.#options.store.restore(record.id)
    this.#forget(kept.deleted)
    return { ...stored, offer, pins }
  }

  /** One of the same name was stored, and its row gave way to that one. Called in the queue. */
  replaced(workspace: string, name: string): void {
    const kept = this.#byKey.get(integrationKey(workspace, name))
    if (kept === undefined) return
    this.#forget(kept.deleted)
    this.#options.gone(kept.deleted.record.id)
    void this.#options.revoke(kept.deleted)
  }

  /** Those of a workspace that is about to be deleted. */
  async eraseOf(workspace: string): Promise<void> {
    const kept = [...this.#byKey.values()].filter(({ deleted }) => deleted.record.workspace === workspace)
    await Promise.all(kept.map(({ deleted }) => this.#expire(deleted)))
  }

  /** All of them, those included that a former run has left. */
  async eraseAll(): Promise<void> {
    const all = [...this.#byKey.values()].map(({ deleted }) => deleted)
    for (const deleted of all) this.#forget(deleted)
    await Promise.all(all.map((deleted) => this.#options.revoke(deleted)))
    try {
      await this.#options.store.eraseDeleted()
    } catch (error) {
      this.#options.log.warn({ error }, 'deleted integrations could not be erased; they will be at the next start')
    }
  }

  async #expire(deleted: HeldIntegration): Promise<void> {
    const { id, workspace, name } = deleted.record
    await this.#options.writes.run(integrationKey(workspace, name), async () => {
      // It may have been brought back while this waited.
      if (!this.#forget(deleted)) return
      this.#options.gone(id)
      await this.#options.revoke(deleted)
      try {
        await this.#options.store.delete(id)
      } catch (error) {
        const message = 'a deleted integration could not be erased; it will be at the next start'
        this.#options.log.warn({ error, integration: name }, message)
      }
    })
  }

  /** Whether it was still there. */
  #forget(deleted: HeldIntegration): boolean {
    const key = integrationKey(deleted.record.workspace, deleted.record.name)
    const kept = this.#byKey.get(key)
    if (kept?.deleted !== deleted) return false
    clearTimeout(kept.timer)
    return this.#byKey.delete(key)
  }
}
