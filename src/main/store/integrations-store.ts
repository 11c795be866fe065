import type { Transaction } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { AuthType, Integration, McpSettings, OnDefinitionChange } from '../../shared/contract/integrations.ts'
import { isUniqueViolation, type Database } from './database.ts'
import type { Schema } from './schema.ts'

/** A custom integration as stored, without its secrets. */
export interface IntegrationRecord {
  id: string
  workspace: string
  name: string
  displayName: string
  description: string
  logoUrl: string
  /** Which of the stored logos it is. Null: there is none, or it was not fetched yet. */
  logo: string | null
  category: string
  status: Integration['status']
  mcp: McpSettings
  authType: AuthType
  authHeaderPrefix: string
  auth: Integration['auth']
  enabledTools: string[]
  disabledTools: string[]
  onDefinitionChange: OnDefinitionChange
  createdAt: string
  updatedAt: string
}

/** One secret of one integration, encrypted. `field` is its place: `api_token`, `env.GITHUB_TOKEN`, `headers.X-Key`. */
export interface SealedRow {
  id: string
  integrationId: string
  field: string
  keyId: string
  nonce: Buffer
  ciphertext: Buffer
}

interface StoredIntegration {
  record: IntegrationRecord
  secrets: SealedRow[]
}

/** Integrations and their secrets: one aggregate, written in one transaction. */
export class IntegrationsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Without those that are deleted. */
  async listAll(): Promise<StoredIntegration[]> {
    const { kysely } = this.#database
    const rows = await kysely
      .selectFrom('integrations')
      .selectAll()
      .where('deleted_at', 'is', null)
      .orderBy('name')
      .execute()
    const sealed = await kysely.selectFrom('secrets').selectAll().orderBy('field').execute()
    const secrets = new Map<string, SealedRow[]>(rows.map((row) => [row.id, []]))
    for (const row of sealed) secrets.get(row.integration_id)?.push(toSealedRow(row))
    return rows.map((row) => ({ record: toRecord(row), secrets: secrets.get(row.id) ?? [] }))
  }

  /** One of the same name that is deleted, but could still be brought back, gives way to it. */
  async insert(record: IntegrationRecord, secrets: SealedRow[]): Promise<void> {
    await this.#write(record, async (transaction) => {
      await transaction
        .deleteFrom('integrations')
        .where('workspace', '=', record.workspace)
        .where('name', '=', record.name)
        .where('deleted_at', 'is not', null)
        .execute()
      await transaction
        .insertInto('integrations')
        .values({ ...toRow(record), deleted_at: null })
        .execute()
      await insertSecrets(transaction, secrets)
    })
  }

  /** `secrets` replaces the whole set; left out, the set is kept. `forgetTools`: list and pins are another server's. */
  async update(record: IntegrationRecord, secrets?: SealedRow[], { forgetTools = false } = {}): Promise<void> {
    await this.#write(record, async (transaction) => {
      await transaction.updateTable('integrations').set(toRow(record)).where('id', '=', record.id).execute()
      if (forgetTools) {
        await transaction.deleteFrom('offers').where('integration_id', '=', record.id).execute()
        await transaction.deleteFrom('tool_pins').where('integration_id', '=', record.id).execute()
      }
      if (secrets === undefined) return
      await transaction.deleteFrom('secrets').where('integration_id', '=', record.id).execute()
      await insertSecrets(transaction, secrets)
    })
  }

  /** Those that an integration has, one included that can still be brought back. */
  async logos(): Promise<Set<string>> {
    const rows = await this.#database.kysely
      .selectFrom('integrations')
      .select('logo')
      .where('logo', 'is not', null)
      .$narrowType<{ logo: string }>()
      .execute()
    return new Set(rows.map(({ logo }) => logo))
  }

  /** Its secrets and its tool list go with it. */
  async delete(id: string): Promise<void> {
    await this.#database.kysely.deleteFrom('integrations').where('id', '=', id).execute()
    await this.#database.forgetDeleted()
  }

  /** Deleted for everybody but `restore`. */
  async markDeleted(id: string): Promise<void> {
    const deleted_at = new Date().toISOString()
    await this.#database.kysely.updateTable('integrations').set({ deleted_at }).where('id', '=', id).execute()
  }

  /** What `markDeleted` took away, read anew: its secrets may have been sealed with another key meanwhile. */
  async restore(id: string): Promise<StoredIntegration> {
    return await this.#database.kysely.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('integrations')
        .set({ deleted_at: null })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
      const sealed = await transaction
        .selectFrom('secrets')
        .selectAll()
        .where('integration_id', '=', id)
        .orderBy('field')
        .execute()
      return { record: toRecord(row), secrets: sealed.map(toSealedRow) }
    })
  }

  /** Erases everything that `markDeleted` marked, with its secrets. */
  async eraseDeleted(): Promise<void> {
    await this.#database.kysely.deleteFrom('integrations').where('deleted_at', 'is not', null).execute()
    await this.#database.forgetDeleted()
  }

  async countSealed(): Promise<number> {
    const row = await this.#database.kysely
      .selectFrom('secrets')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return row.count
  }

  /**
   * Replaces every sealed row, also of what can still be brought back, and the record of their key in `meta`: all of it
   * or nothing. Undefined when that record is not what the caller saw.
   */
  async resealAll(
    reseal: (row: SealedRow & { workspace: string }) => SealedRow,
    key: { name: string; seen: string; value: string },
  ): Promise<SealedRow[] | undefined> {
    const resealed = await this.#database.kysely.transaction().execute(async (transaction) => {
      const changed = await transaction
        .updateTable('meta')
        .set({ value: key.value })
        .where('key', '=', key.name)
        .where('value', '=', key.seen)
        .executeTakeFirst()
      if (changed.numUpdatedRows !== 1n) return undefined
      const stored = await transaction
        .selectFrom('secrets')
        .innerJoin('integrations', 'integrations.id', 'secrets.integration_id')
        .selectAll('secrets')
        .select('workspace')
        .execute()
      const rows = stored.map(({ workspace, ...row }) => reseal({ ...toSealedRow(row), workspace }))
      await transaction.deleteFrom('secrets').execute()
      await insertSecrets(transaction, rows)
      return rows
    })
    await this.#database.forgetDeleted()
    return resealed
  }

  /** Deletes every secret and the record of their key. */
  async eraseSecrets(keyName: string): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('secrets').execute()
      await transaction.deleteFrom('meta').where('key', '=', keyName).execute()
    })
    await this.#database.forgetDeleted()
  }

  async #write(record: IntegrationRecord, work: (transaction: Transaction<Schema>) => Promise<void>): Promise<void> {
    try {
      await this.#database.kysely.transaction().execute(work)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      const message = `${record.name} is already used in this workspace.`
      throw new AppError('name_taken', { message, details: [{ path: 'name', message }], cause: error })
    }
  }
}

async function insertSecrets(transaction: Transaction<Schema>, secrets: SealedRow[]): Promise<void> {
  for (const secret of secrets) {
    await transaction
      .insertInto('secrets')
      .values({
        id: secret.id,
        integration_id: secret.integrationId,
        field: secret.field,
        key_id: secret.keyId,
        nonce: secret.nonce,
        ciphertext: secret.ciphertext,
      })
      .execute()
  }
}

function toSealedRow(row: Schema['secrets']): SealedRow {
  const { id, field, nonce, ciphertext } = row
  return { id, integrationId: row.integration_id, field, keyId: row.key_id, nonce, ciphertext }
}

function toRow(record: IntegrationRecord): Omit<Schema['integrations'], 'deleted_at'> {
  return {
    id: record.id,
    workspace: record.workspace,
    name: record.name,
    display_name: record.displayName,
    description: record.description,
    logo_url: record.logoUrl,
    logo: record.logo,
    category: record.category,
    status: record.status,
    mcp: JSON.stringify(record.mcp),
    auth_type: record.authType,
    auth_header_prefix: record.authHeaderPrefix,
    auth: JSON.stringify(record.auth),
    enabled_tools: JSON.stringify(record.enabledTools),
    disabled_tools: JSON.stringify(record.disabledTools),
    on_definition_change: record.onDefinitionChange,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

/** The casts are sound: only `toRow` writes these columns, and STRICT and CHECK hold the rest. */
function toRecord(row: Schema['integrations']): IntegrationRecord {
  return {
    id: row.id,
    workspace: row.workspace,
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    logoUrl: row.logo_url,
    logo: row.logo,
    category: row.category,
    status: row.status as IntegrationRecord['status'],
    // What was stored before agents could have connections of their own.
    mcp: { isolation: 'shared', ...(JSON.parse(row.mcp) as Partial<McpSettings>) } as McpSettings,
    authType: row.auth_type as AuthType,
    authHeaderPrefix: row.auth_header_prefix,
    auth: JSON.parse(row.auth) as IntegrationRecord['auth'],
    enabledTools: JSON.parse(row.enabled_tools) as string[],
    disabledTools: JSON.parse(row.disabled_tools) as string[],
    onDefinitionChange: row.on_definition_change as OnDefinitionChange,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
