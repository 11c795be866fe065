import type { Grouping, QuietHours, Rule, RuleCondition, RulePreset } from '../../shared/contract/rules.ts'
import { AppError } from '../base/app-error.ts'
import { isUniqueViolation, type Database } from './database.ts'
import type { Schema } from './schema.ts'

export interface StoredRule {
  workspace: string
  rule: Rule
}

export class RulesStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In the order in which they were made, which is the one in which they decide. */
  async listAll(): Promise<StoredRule[]> {
    const rows = await this.#database.kysely.selectFrom('rules').selectAll().orderBy('id').execute()
    return rows.map((row) => ({ workspace: row.workspace, rule: toRule(row) }))
  }

  async insert({ workspace, rule }: StoredRule): Promise<void> {
    const row = { ...toColumns(rule), workspace }
    await distinct(() => this.#database.kysely.insertInto('rules').values(row).execute())
  }

  async update(rule: Rule): Promise<void> {
    await this.#database.kysely.updateTable('rules').set(toColumns(rule)).where('id', '=', rule.id).execute()
  }

  async delete(id: string): Promise<void> {
    await this.#database.kysely.deleteFrom('rules').where('id', '=', id).execute()
  }

  async eraseOf(workspace: string): Promise<void> {
    await this.#database.kysely.deleteFrom('rules').where('workspace', '=', workspace).execute()
  }
}

async function distinct(write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const message = 'This workspace has that rule already. Change it, or delete it first.'
    throw new AppError('name_taken', { message, details: [{ path: 'preset', message }], cause: error })
  }
}

function toColumns(rule: Rule): Omit<Schema['rules'], 'workspace'> {
  const { id, name, preset, muted_until, created_at, updated_at } = rule
  return {
    id,
    name,
    preset,
    muted_until,
    created_at,
    updated_at,
    enabled: Number(rule.enabled),
    condition: JSON.stringify(rule.when),
    channels: JSON.stringify(rule.channels),
    grouping: JSON.stringify(rule.grouping),
    quiet: rule.quiet === null ? null : JSON.stringify(rule.quiet),
  }
}

/** The casts are sound: only `toColumns` writes these columns. */
function toRule(row: Schema['rules']): Rule {
  const { id, name, muted_until, created_at, updated_at } = row
  return {
    id,
    name,
    enabled: row.enabled !== 0,
    preset: row.preset as RulePreset | null,
    when: JSON.parse(row.condition) as RuleCondition,
    channels: JSON.parse(row.channels) as string[],
    grouping: JSON.parse(row.grouping) as Grouping,
    quiet: row.quiet === null ? null : (JSON.parse(row.quiet) as QuietHours),
    muted_until,
    created_at,
    updated_at,
  }
}
