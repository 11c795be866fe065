import { AppError } from '../base/app-error.ts'
import type { Workspace } from '../../shared/contract/workspaces.ts'
import { isForeignKeyViolation, isUniqueViolation, type Database } from './database.ts'

export class WorkspacesStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(): Promise<Workspace[]> {
    const rows = await this.#database.kysely.selectFrom('workspaces').selectAll().orderBy('name').execute()
    return rows.map((row) => ({ ...row, plan: row.plan as Workspace['plan'] }))
  }

  async insert(workspace: Workspace): Promise<void> {
    try {
      await this.#database.kysely.insertInto('workspaces').values(workspace).execute()
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      const message = `There is already a workspace named ${workspace.name}.`
      throw new AppError('name_taken', { message, details: [{ path: 'name', message }], cause: error })
    }
  }

  async setPlan(name: string, plan: Workspace['plan']): Promise<void> {
    await this.#database.kysely.updateTable('workspaces').set({ plan }).where('name', '=', name).execute()
  }

  /** Throws `in_use` when something came into it meanwhile. */
  async delete(name: string): Promise<void> {
    try {
      await this.#database.kysely.deleteFrom('workspaces').where('name', '=', name).execute()
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error
      const message = `The workspace ${name} is not empty any more. Delete what is in it first.`
      throw new AppError('in_use', { message, cause: error })
    }
  }
}
