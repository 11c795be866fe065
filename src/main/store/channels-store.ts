import type { ChannelHealth, ChannelKind, ChannelSettings } from '../../shared/contract/channels.ts'
import type { Severity } from '../../shared/contract/incidents.ts'
import { AppError } from '../base/app-error.ts'
import { isUniqueViolation, type Database } from './database.ts'
import { toDo } from './delivery-rows.ts'
import type { Schema } from './schema.ts'
import { insertChannelSecrets, toChannelSealedRow, type SealedRow } from './sealed-rows.ts'

/** What of a channel's health outlives the gateway. */
export type StoredHealth = Omit<ChannelHealth, 'waiting'>

export interface StoredChannel {
  id: string
  workspace: string
  name: string
  enabled: boolean
  minSeverity: Severity
  mutedUntil: string | null
  settings: ChannelSettings
  health: StoredHealth
  secrets: readonly SealedRow[]
  createdAt: string
  updatedAt: string
}

export class ChannelsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async listAll(): Promise<StoredChannel[]> {
    const secrets = new Map<string, SealedRow[]>()
    for (const row of await this.#database.kysely.selectFrom('channel_secrets').selectAll().execute()) {
      const sealed = toChannelSealedRow(row)
      secrets.set(sealed.ownerId, [...(secrets.get(sealed.ownerId) ?? []), sealed])
    }
    const rows = await this.#database.kysely.selectFrom('channels').selectAll().orderBy('name').execute()
    return rows.map((row) => toChannel(row, secrets.get(row.id) ?? []))
  }

  async insert(channel: StoredChannel): Promise<void> {
    await named(channel.name, () =>
      this.#database.kysely.transaction().execute(async (transaction) => {
        await transaction.insertInto('channels').values(toRow(channel)).execute()
        await insertChannelSecrets(transaction, channel.secrets)
      }),
    )
  }

  /** `replacesSecrets`: those of `channel` take the place of all that are stored. */
  async update(channel: StoredChannel, replacesSecrets: boolean): Promise<void> {
    const { health: _health, ...row } = toRow(channel)
    await named(channel.name, () =>
      this.#database.kysely.transaction().execute(async (transaction) => {
        await transaction.updateTable('channels').set(row).where('id', '=', channel.id).execute()
        if (!replacesSecrets) return
        await transaction.deleteFrom('channel_secrets').where('channel_id', '=', channel.id).execute()
        await insertChannelSecrets(transaction, channel.secrets)
      }),
    )
    if (replacesSecrets) await this.#database.forgetDeleted()
  }

  async deleteSecret(id: string): Promise<void> {
    await this.#database.kysely.deleteFrom('channel_secrets').where('id', '=', id).execute()
    await this.#database.forgetDeleted()
  }

  async setHealth(id: string, health: StoredHealth): Promise<void> {
    const row = { health: JSON.stringify(health) }
    await this.#database.kysely.updateTable('channels').set(row).where('id', '=', id).execute()
  }

  /** What did not get through there need not wait for its next attempt. */
  async retryNow(id: string): Promise<void> {
    await this.#database.kysely
      .updateTable('deliveries')
      .set({ next_attempt_at: null })
      .where('channel_id', '=', id)
      .where('state', '=', 'retrying')
      .where(toDo)
      .execute()
  }

  /** With its secrets; what waits for it is withdrawn, and its rules go without it. */
  async delete(
    id: string,
    rules: readonly { id: string; channels: readonly string[]; updatedAt: string }[],
    because: string,
  ): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      for (const rule of rules) {
        const row = { channels: JSON.stringify(rule.channels), updated_at: rule.updatedAt }
        await transaction.updateTable('rules').set(row).where('id', '=', rule.id).execute()
      }
      await transaction
        .updateTable('deliveries')
        .set({ state: 'withdrawn', because, next_attempt_at: null, not_before: null })
        .where('channel_id', '=', id)
        .where(toDo)
        .execute()
      await transaction.deleteFrom('channels').where('id', '=', id).execute()
    })
    await this.#database.forgetDeleted()
  }

  /** With everything that was ever sent there. */
  async eraseOf(workspace: string): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('deliveries').where('workspace', '=', workspace).execute()
      await transaction.deleteFrom('channels').where('workspace', '=', workspace).execute()
    })
    await this.#database.forgetDeleted()
  }
}

async function named(name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const message = `There is already a channel named ${name} in this workspace.`
    throw new AppError('name_taken', { message, details: [{ path: 'name', message }], cause: error })
  }
}

function toRow(channel: StoredChannel): Schema['channels'] {
  return {
    id: channel.id,
    workspace: channel.workspace,
    kind: channel.settings.kind,
    name: channel.name,
    enabled: Number(channel.enabled),
    min_severity: channel.minSeverity,
    muted_until: channel.mutedUntil,
    settings: JSON.stringify(channel.settings),
    health: JSON.stringify(channel.health),
    created_at: channel.createdAt,
    updated_at: channel.updatedAt,
  }
}

/** The casts are sound: only `toRow` writes these columns. */
function toChannel(row: Schema['channels'], secrets: readonly SealedRow[]): StoredChannel {
  return {
    id: row.id,
    workspace: row.workspace,
    name: row.name,
    enabled: row.enabled !== 0,
    minSeverity: row.min_severity as Severity,
    mutedUntil: row.muted_until,
    settings: { ...(JSON.parse(row.settings) as ChannelSettings), kind: row.kind as ChannelKind } as ChannelSettings,
    health: JSON.parse(row.health) as StoredHealth,
    secrets,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
