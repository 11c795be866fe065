import { AppError } from '../base/app-error.ts'
import { isUniqueViolation, type Database } from './database.ts'

/** An agent as stored: of its token only the hash. */
export interface AgentRecord {
  id: string
  workspace: string
  name: string
  tokenSha256: Buffer
  createdAt: string
  lastSeenAt: string | null
}

export class AgentsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async listAll(): Promise<AgentRecord[]> {
    const rows = await this.#database.kysely.selectFrom('agents').selectAll().orderBy('name').execute()
    return rows.map((row) => ({
      id: row.id,
      workspace: row.workspace,
      name: row.name,
      tokenSha256: row.token_sha256,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
    }))
  }

  async insert(agent: AgentRecord): Promise<void> {
    await named(agent.name, () =>
      this.#database.kysely
        .insertInto('agents')
        .values({
          id: agent.id,
          workspace: agent.workspace,
          name: agent.name,
          token_sha256: agent.tokenSha256,
          created_at: agent.createdAt,
          last_seen_at: agent.lastSeenAt,
        })
        .execute(),
    )
  }

  async rename(id: string, name: string): Promise<void> {
    await named(name, () => this.#database.kysely.updateTable('agents').set({ name }).where('id', '=', id).execute())
  }

  async setToken(id: string, tokenSha256: Buffer): Promise<void> {
    await this.#database.kysely.updateTable('agents').set({ token_sha256: tokenSha256 }).where('id', '=', id).execute()
  }

  /** One transaction for all agents that were seen since the last time. */
  async setLastSeen(seen: Pick<AgentRecord, 'id' | 'lastSeenAt'>[]): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      for (const { id, lastSeenAt } of seen) {
        await transaction.updateTable('agents').set({ last_seen_at: lastSeenAt }).where('id', '=', id).execute()
      }
    })
  }

  async delete(id: string): Promise<void> {
    await this.#database.kysely.deleteFrom('agents').where('id', '=', id).execute()
  }
}

async function named(name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const message = `There is already an agent named ${name} in this workspace.`
    throw new AppError('name_taken', { message, details: [{ path: 'name', message }], cause: error })
  }
}
