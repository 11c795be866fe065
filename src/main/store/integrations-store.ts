import type { Transaction } from 'kysely'
import { AppError } from '../base/app-error.ts'
import { isUniqueViolation, type Database } from './database.ts'
import { toRecord, toRow, type IntegrationRecord } from './integration-rows.ts'
import { readParts, readSource, writeSource, writeTools, type KeptSource, type PackedSource } from './rest-parts.ts'
import type { OAuthField, Schema } from './schema.ts'
import { apart, insertSecrets, replaceCredentials, replaceOAuth, toSealedRow, type SealedRow } from './sealed-rows.ts'

export type { IntegrationRecord, McpRecord, RestRecord, StoredRest } from './integration-rows.ts'
export type { SealedRow } from './sealed-rows.ts'

/** What a change does to what is stored beside the row. */
interface ChangedParts {
  /** List and pins are another server's. */
  forgetTools?: boolean
  /** Its tools are others. */
  tools?: boolean
  /** What they were imported from. Left out: it is kept. */
  source?: PackedSource | undefined
  /** What OAuth keeps, and these settings have no use for any more. */
  forgetOAuth?: readonly OAuthField[] | undefined
}

interface StoredIntegration {
  record: IntegrationRecord
  /** What an admin gave. */
  secrets: SealedRow[]
  /** What OAuth keeps. */
  oauth: SealedRow[]
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
    const parts = await readParts(kysely)
    return rows.map((row) => ({ record: toRecord(row, parts.get(row.id)), ...apart(secrets.get(row.id) ?? []) }))
  }

  /**
   * One of the same name that is deleted, but could still be brought back, gives way to it; and to a system integration one
   * that this version of Gatehouse could not read.
   */
  async insert(record: IntegrationRecord, secrets: SealedRow[], source?: PackedSource): Promise<void> {
    await this.#write(record, async (transaction) => {
      await transaction
        .deleteFrom('integrations')
        .where('workspace', '=', record.workspace)
        .where('name', '=', record.name)
        .where((where) =>
          record.system === null
            ? where('deleted_at', 'is not', null)
            : where.or([where('deleted_at', 'is not', null), where('system', 'is not', null)]),
        )
        .execute()
      await transaction
        .insertInto('integrations')
        .values({ ...toRow(record), deleted_at: null })
        .execute()
      if (record.protocol === 'rest' && record.system === null) {
        await writeTools(transaction, record.id, record.rest.tools)
      }
      if (source !== undefined) await writeSource(transaction, record.id, source)
      await insertSecrets(transaction, secrets)
    })
  }

  /** `secrets` replaces the whole set that an admin gave; left out, the set is kept. What OAuth keeps is apart from it. */
  async update(record: IntegrationRecord, secrets?: SealedRow[], changed: ChangedParts = {}): Promise<void> {
    await this.#write(record, async (transaction) => {
      await transaction.updateTable('integrations').set(toRow(record)).where('id', '=', record.id).execute()
      if (changed.tools === true && record.protocol === 'rest') {
        await writeTools(transaction, record.id, record.rest.tools)
      }
      if (changed.source !== undefined) await writeSource(transaction, record.id, changed.source)
      if (changed.forgetTools === true) {
        await transaction.deleteFrom('offers').where('integration_id', '=', record.id).execute()
        await transaction.deleteFrom('tool_pins').where('integration_id', '=', record.id).execute()
      }
      if (changed.forgetOAuth !== undefined) await replaceOAuth(transaction, record.id, changed.forgetOAuth, [])
      if (secrets !== undefined) await replaceCredentials(transaction, record.id, secrets)
    })
    if (changed.forgetOAuth !== undefined) await this.#database.forgetDeleted()
  }

  /**
   * Puts `rows` in the place of `fields` of what OAuth keeps, all of it or nothing; those without a row are gone. Throws
   * `not_found` when there is no such integration any more to keep something of.
   */
  async writeOAuth(integrationId: string, fields: readonly OAuthField[], rows: readonly SealedRow[]): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      const owner = await transaction
        .selectFrom('integrations')
        .select('id')
        .where('id', '=', integrationId)
        .executeTakeFirst()
      if (owner === undefined && rows.length > 0) throw new AppError('not_found')
      await replaceOAuth(transaction, integrationId, fields, rows)
    })
    // What is only replaced is worth little by then; what is taken back must not be found in the log of the database.
    if (rows.length < fields.length) await this.#database.forgetDeleted()
  }

  /** What the tools of a REST API were imported from, with its text. Undefined: they were made by hand. */
  async source(id: string): Promise<KeptSource | undefined> {
    return await readSource(this.#database.kysely, id)
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
      const parts = await readParts(transaction, id)
      return { record: toRecord(row, parts.get(id)), ...apart(sealed.map(toSealedRow)) }
    })
  }

  /** Erases everything that `markDeleted` marked, with its secrets. */
  async eraseDeleted(): Promise<void> {
    await this.#database.kysely.deleteFrom('integrations').where('deleted_at', 'is not', null).execute()
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
