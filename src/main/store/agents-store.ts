import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import { AppError } from '../base/app-error.ts'
import { isForeignKeyViolation, isUniqueViolation, type Database } from './database.ts'

/** An agent as stored: of its token only the hash. */
export interface AgentRecord {
  id: string
  workspace: string
  name: string
  tokenSha256: Buffer
  profileId: string | null
  discoveryMode: DiscoveryMode | null
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
      profileId: row.profile_id,
      // CHECK holds it.
      discoveryMode: row.discovery_mode as DiscoveryMode | null,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
    }))
  }

  async insert(agent: AgentRecord): Promise<void> {
    await explained(agent, () =>
      this.#database.kysely
        .insertInto('agents')
        .values({
          id: agent.id,
          workspace: agent.workspace,
          name: agent.name,
          token_sha256: agent.tokenSha256,
          profile_id: agent.profileId,
          discovery_mode: agent.discoveryMode,
          created_at: agent.createdAt,
          last_seen_at: agent.lastSeenAt,
        })
        .execute(),
    )
  }

  async update(agent: Pick<AgentRecord, 'id' | 'name' | 'profileId' | 'discoveryMode'>): Promise<void> {
    const { id, name, profileId, discoveryMode } = agent
    await explained(agent, () =>
      this.#database.kysely
        .updateTable('agents')
        .set({ name, profile_id: profileId, discovery_mode: discoveryMode })
        .where('id', '=', id)
        .execute(),
    )
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

async function explained(
  { name, profileId }: Pick<AgentRecord, 'name' | 'profileId'>,
  write: () => Promise<unknown>,
): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (isForeignKeyViolation(error) && profileId !== null) throw unknownProfile(error)
    if (!isUniqueViolation(error)) throw error
    const message = `There is already an agent named ${name} in this workspace.`
    throw new AppError('name_taken', { message, details: [{ path: 'name', message }], cause: error })
  }
}

/** The profile that an agent should get is not there, or not any more. */
export function unknownProfile(cause?: unknown): AppError {
  const message = 'There is no such profile in this workspace. Choose one of the list, or null for all tools.'
  return new AppError('invalid_input', { message, details: [{ path: 'profile_id', message }], cause })
}
