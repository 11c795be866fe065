import type { Profile } from '../../shared/contract/profiles.ts'
import { AppError } from '../base/app-error.ts'
import { isForeignKeyViolation, isUniqueViolation, type Database } from './database.ts'
import type { Schema } from './schema.ts'

export interface StoredProfile {
  workspace: string
  profile: Profile
}

export class ProfilesStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async listAll(): Promise<StoredProfile[]> {
    const rows = await this.#database.kysely.selectFrom('profiles').selectAll().orderBy('name').execute()
    return rows.map((row) => ({ workspace: row.workspace, profile: toProfile(row) }))
  }

  async insert({ workspace, profile }: StoredProfile): Promise<void> {
    const row = { ...toColumns(profile), workspace }
    await named(profile.name, () => this.#database.kysely.insertInto('profiles').values(row).execute())
  }

  async update(profile: Profile): Promise<void> {
    await named(profile.name, () =>
      this.#database.kysely.updateTable('profiles').set(toColumns(profile)).where('id', '=', profile.id).execute(),
    )
  }

  /** Throws `in_use` while an agent has it. */
  async delete(id: string): Promise<void> {
    try {
      await this.#database.kysely.deleteFrom('profiles').where('id', '=', id).execute()
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error
      throw new AppError('in_use', { message: 'An agent uses this profile. Give it another one first.', cause: error })
    }
  }
}

async function named(name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const message = `There is already a profile named ${name} in this workspace.`
    throw new AppError('name_taken', { message, details: [{ path: 'name', message }], cause: error })
  }
}

function toColumns(profile: Profile): Omit<Schema['profiles'], 'workspace'> {
  const { id, name, integrations, enabled_tools, disabled_tools, created_at } = profile
  return {
    id,
    name,
    created_at,
    integrations: integrations === null ? null : JSON.stringify(integrations),
    enabled_tools: JSON.stringify(enabled_tools),
    disabled_tools: JSON.stringify(disabled_tools),
  }
}

/** The casts are sound: only `toColumns` writes these columns. */
function toProfile({ workspace: _, integrations, enabled_tools, disabled_tools, ...row }: Schema['profiles']): Profile {
  return {
    ...row,
    integrations: integrations === null ? null : (JSON.parse(integrations) as string[]),
    enabled_tools: JSON.parse(enabled_tools) as string[],
    disabled_tools: JSON.parse(disabled_tools) as string[],
  }
}
