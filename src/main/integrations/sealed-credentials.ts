import { randomUUID } from 'node:crypto'
import type { Credentials, MaskedCredentials } from '../../shared/contract/integrations.ts'
import type { Logger } from '../base/log.ts'
import type { IntegrationRecord, SealedRow } from '../store/integrations-store.ts'
import type { UpstreamSecrets } from '../upstream/upstream.ts'
import type { Vault } from '../vault/vault.ts'
import {
  maskFields,
  secretFields,
  upstreamSecrets,
  usedFields,
  type ConnectionSettings,
  type SecretFields,
} from './credentials.ts'

type Owner = Pick<IntegrationRecord, 'id' | 'workspace' | 'name'>

/** Between the secrets of an integration and its rows: what goes in is sealed, what comes out goes to its server or is masked. */
export class SealedCredentials {
  readonly #vault: Vault
  readonly #log: Logger

  constructor(vault: Vault, log: Logger) {
    this.#vault = vault
    this.#log = log
  }

  /**
   * Seals and hands the rows to `store`, which keeps them on disk and in memory; no other key of the vault comes in
   * between. Makes the vault's key when these are its first secrets; throws `vault_locked` when it can't.
   */
  async store(owner: Owner, credentials: Credentials, store: (rows: SealedRow[]) => Promise<void>): Promise<void> {
    const fields = [...secretFields(credentials)]
    if (fields.length > 0) await this.#vault.ensureKey()
    await this.#vault.holdKey(() =>
      store(
        fields.map(([field, plaintext]) => {
          const row = { id: randomUUID(), integrationId: owner.id, field }
          return { ...row, ...this.#vault.seal(placeOf(owner, row), plaintext) }
        }),
      ),
    )
  }

  /** The secrets that these settings ask for. Throws `vault_locked`, or when a row was changed. */
  unseal(owner: Owner, settings: ConnectionSettings, rows: SealedRow[]): UpstreamSecrets {
    const used = new Set(usedFields(settings, fieldsOf(rows)))
    const needed = rows.filter((row) => used.has(row.field))
    const fields = needed.map((row) => [row.field, this.#vault.unseal(placeOf(owner, row), row)] as const)
    return upstreamSecrets(settings, new Map(fields))
  }

  mask(owner: Owner, rows: SealedRow[]): MaskedCredentials {
    const fields: SecretFields = new Map(rows.map((row) => [row.field, this.#readable(owner, row)]))
    return maskFields(fields)
  }

  /** Whether the connection can't be made without the vault. */
  needed(settings: ConnectionSettings, rows: SealedRow[]): boolean {
    return usedFields(settings, fieldsOf(rows)).length > 0
  }

  /** Whether the connection has to wait until the vault is open. */
  locked(settings: ConnectionSettings, rows: SealedRow[]): boolean {
    return !this.#vault.isOpen && this.needed(settings, rows)
  }

  /** A damaged row costs its own integration the connection, but never the list of all of them. */
  #readable(owner: Owner, row: SealedRow): string | undefined {
    if (!this.#vault.isOpen) return undefined
    try {
      return this.#vault.unseal(placeOf(owner, row), row)
    } catch (error) {
      this.#log.warn({ error, integration: owner.name, field: row.field }, 'stored secret can not be read')
      return undefined
    }
  }
}

export function fieldsOf(rows: SealedRow[]): string[] {
  return rows.map((row) => row.field)
}

function placeOf(
  { workspace }: Owner,
  { id, integrationId, field }: Pick<SealedRow, 'id' | 'integrationId' | 'field'>,
) {
  return { workspace, integrationId, field, rowId: id }
}
