import type { Actor, AuditEntry } from '../../shared/contract/audit.ts'
import type { Database } from './database.ts'

export type NewAuditEntry = Omit<AuditEntry, 'id'> & { workspace: string }

export class AuditStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insert(entries: readonly NewAuditEntry[]): Promise<void> {
    const rows = entries.map((entry) => ({ ...entry, fields: JSON.stringify(entry.fields) }))
    await this.#database.kysely.insertInto('audit').values(rows).execute()
  }

  /** Newest first, at most `limit`, from before the entry `before`. */
  async list(workspace: string, { limit, before }: { limit: number; before?: number }): Promise<AuditEntry[]> {
    const rows = await this.#database.kysely
      .selectFrom('audit')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(({ id, workspace: _workspace, actor, fields, ...row }) => ({
      ...row,
      id: String(id),
      actor: actor as Actor,
      fields: JSON.parse(fields) as string[],
    }))
  }
}
