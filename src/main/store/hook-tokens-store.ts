import type { Database } from './database.ts'

/** A hook token as stored: of the token itself only the hash. */
export interface HookTokenRecord {
  id: string
  workspace: string
  name: string
  tokenSha256: Buffer
  createdAt: string
  lastUsedAt: string | null
}

export class HookTokensStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async listAll(): Promise<HookTokenRecord[]> {
    const rows = await this.#database.kysely.selectFrom('hook_tokens').selectAll().orderBy('created_at').execute()
    return rows.map((row) => ({
      id: row.id,
      workspace: row.workspace,
      name: row.name,
      tokenSha256: row.token_sha256,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }))
  }

  async insert(token: HookTokenRecord): Promise<void> {
    await this.#database.kysely
      .insertInto('hook_tokens')
      .values({
        id: token.id,
        workspace: token.workspace,
        name: token.name,
        token_sha256: token.tokenSha256,
        created_at: token.createdAt,
        last_used_at: token.lastUsedAt,
      })
      .execute()
  }

  async setLastUsed(used: readonly Pick<HookTokenRecord, 'id' | 'lastUsedAt'>[]): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      for (const { id, lastUsedAt } of used) {
        await transaction.updateTable('hook_tokens').set({ last_used_at: lastUsedAt }).where('id', '=', id).execute()
      }
    })
  }

  async delete(id: string): Promise<void> {
    await this.#database.kysely.deleteFrom('hook_tokens').where('id', '=', id).execute()
  }

  async erase(workspace: string): Promise<void> {
    await this.#database.kysely.deleteFrom('hook_tokens').where('workspace', '=', workspace).execute()
  }
}
