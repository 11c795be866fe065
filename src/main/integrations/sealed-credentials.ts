import { randomUUID } from 'node:crypto'
import type { Credentials, MaskedCredentials } from '../../shared/contract/integrations.ts'
import type { Logger } from '../base/log.ts'
import type { IntegrationRecord, SealedRow } from '../store/integrations-store.ts'
import type { RestSecrets, UpstreamSecrets } from '../upstream/upstream.ts'
import type { Vault } from '../vault/vault.ts'
import {
  basicCredential,
  isClientField,
  restSecrets,
  secretFields,
  upstreamSecrets,
  usedFields,
  type ConnectionSettings,
  type McpConnection,
  type RestConnection,
} from './credentials.ts'
import { maskFields, type SecretFields } from './masked-credentials.ts'

/** Before the names of secrets that go nowhere by themselves: the adapter of a system integration asks for them. */
const OWN = 'system.'

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
    await this.storeFields(owner, secretFields(credentials), store)
  }

  /** The same of secrets by their places. */
  async storeFields(
    owner: Owner,
    secrets: ReadonlyMap<string, string>,
    store: (rows: SealedRow[]) => Promise<void>,
  ): Promise<void> {
    const fields = [...secrets]
    if (fields.length > 0) await this.#vault.ensureKey()
    await this.#vault.holdKey(() =>
      store(
        fields.map(([field, plaintext]) => {
          const row = { id: randomUUID(), ownerId: owner.id, field }
          return { ...row, ...this.#vault.seal(placeOf(owner, row), plaintext) }
        }),
      ),
    )
  }

  /** The secrets that these settings ask for. Throws `vault_locked`, or when a row was changed. */
  forMcp(owner: Owner, settings: McpConnection, rows: SealedRow[]): UpstreamSecrets {
    return upstreamSecrets(settings, this.#unseal(owner, settings, withoutClient(rows)))
  }

  /** The same of a REST API. */
  forRest(owner: Owner, settings: RestConnection, rows: SealedRow[]): RestSecrets {
    return restSecrets(settings, this.#unseal(owner, settings, withoutClient(rows)))
  }

  /** What a client of OAuth shows itself with. Throws like the others. */
  forClient(owner: Owner, settings: ConnectionSettings, rows: SealedRow[]): ReadonlyMap<string, string> {
    return this.#unseal(
      owner,
      settings,
      rows.filter(({ field }) => isClientField(field)),
    )
  }

  /** The one among the credentials. Undefined as well while the vault is not open. */
  clientId(owner: Owner, settings: ConnectionSettings, rows: SealedRow[]): string | undefined {
    const isNeeded = usedFields(settings, fieldsOf(rows)).includes('client_id')
    const row = isNeeded ? rows.find(({ field }) => field === 'client_id') : undefined
    return row && this.#readable(owner, row)
  }

  /** One, wherever it goes. Undefined: there is none. Throws like the others. */
  byPlace(owner: Owner, place: string, rows: SealedRow[]): string | undefined {
    const row = rows.find(({ field }) => field === place)
    return row && this.#vault.unseal(placeOf(owner, row), row)
  }

  /** All of them, by their places. Throws like the others. */
  plain(owner: Owner, rows: SealedRow[]): ReadonlyMap<string, string> {
    return new Map(rows.map((row) => [row.field, this.#vault.unseal(placeOf(owner, row), row)]))
  }

  /** Throws `vault_locked` where no secret could be stored. No key is made for it. */
  async requireVault(): Promise<void> {
    if ((await this.#vault.state()).state === 'locked') await this.#vault.ensureKey()
  }

  /** Secrets that are not stored: from now on no log and no export shows them. */
  register(fields: ReadonlyMap<string, string>): void {
    for (const secret of fields.values()) this.#log.redactor.register(secret)
    const password = fields.get('password')
    // In base64 it looks another than its parts do, wherever they are.
    if (password !== undefined) this.#log.redactor.register(basicCredential(fields.get('username') ?? '', password))
  }

  mask(owner: Owner, rows: SealedRow[]): MaskedCredentials {
    const fields: SecretFields = new Map(rows.map((row) => [row.field, this.#readable(owner, row)]))
    return maskFields(fields)
  }

  /** Whether the connection can't be made without the vault. */
  needed(settings: ConnectionSettings, rows: SealedRow[]): boolean {
    const fields = fieldsOf(rows)
    return usedFields(settings, fields).length > 0 || fields.some((field) => field.startsWith(OWN))
  }

  /** Whether the connection has to wait until the vault is open. */
  locked(settings: ConnectionSettings, rows: SealedRow[]): boolean {
    return !this.#vault.isOpen && this.needed(settings, rows)
  }

  #unseal(owner: Owner, settings: ConnectionSettings, rows: SealedRow[]): ReadonlyMap<string, string> {
    const used = new Set(usedFields(settings, fieldsOf(rows)))
    const needed = rows.filter((row) => used.has(row.field))
    const fields = new Map(needed.map((row) => [row.field, this.#vault.unseal(placeOf(owner, row), row)]))
    if (fields.has('password')) this.register(fields)
    return fields
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

/** The authorization server gets these, and the integration itself does not. */
function withoutClient(rows: SealedRow[]): SealedRow[] {
  return rows.filter(({ field }) => !isClientField(field))
}

export function fieldsOf(rows: SealedRow[]): string[] {
  return rows.map((row) => row.field)
}

function placeOf({ workspace }: Owner, { id, ownerId, field }: Pick<SealedRow, 'id' | 'ownerId' | 'field'>) {
  return { workspace, ownerId, field, rowId: id }
}
