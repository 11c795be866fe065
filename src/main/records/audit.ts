import type { AuditEntry } from '../../shared/contract/audit.ts'
import type { Logger } from '../base/log.ts'
import type { AuditStore, NewAuditEntry } from '../store/audit-store.ts'
import { cursorOf, readCursor } from './cursor.ts'

interface AuditOptions {
  store: AuditStore
  log: Pick<Logger, 'warn'>
}

/** What admins changed, in the order they did it. An entry that could not be stored goes to the log instead. */
export class Audit {
  readonly #options: AuditOptions
  #written: Promise<void> = Promise.resolve()

  constructor(options: AuditOptions) {
    this.#options = options
  }

  record(workspace: string, entry: Omit<AuditEntry, 'id' | 'at'>): void {
    const noted = { ...entry, workspace, at: new Date().toISOString() }
    this.#written = this.#written.then(() => this.#write(noted))
  }

  async list(workspace: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
    await this.#written
    const items = await this.#options.store.list(workspace, { limit, ...readCursor(cursor) })
    return { items, next_cursor: cursorOf(items, limit) }
  }

  async close(): Promise<void> {
    await this.#written
  }

  async #write(entry: NewAuditEntry): Promise<void> {
    try {
      await this.#options.store.insert([entry])
    } catch (error) {
      this.#options.log.warn({ error, entry }, 'a change could not be written to the audit')
    }
  }
}
