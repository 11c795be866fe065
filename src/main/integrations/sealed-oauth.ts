import { randomUUID } from 'node:crypto'
import type { Redactor } from '../base/redact.ts'
import type { RecordChanges } from '../oauth/keeper-options.ts'
import { isMaskable } from '../oauth/maskable.ts'
import type { OAuthRecords } from '../oauth/records.ts'
import type { IntegrationRecord, SealedRow } from '../store/integrations-store.ts'
import type { OAuthField } from '../store/schema.ts'
import type { Vault } from '../vault/vault.ts'

/** What a record has to hide: what we made up, and what a server chose, which may be no secret to look at. */
const OWN = new Set(['state', 'codeVerifier', 'nonce'])
const GIVEN = new Set(['accessToken', 'refreshToken', 'clientSecret'])

type Owner = Pick<IntegrationRecord, 'id' | 'workspace'>

const FIELDS = { client: 'oauth.client', grant: 'oauth.grant', pending: 'oauth.pending' } as const satisfies Record<
  keyof OAuthRecords,
  OAuthField
>
const KEYS = Object.keys(FIELDS) as (keyof OAuthRecords)[]
/** Replaced tokens that logs are still kept clean of: a former one may hold for a while, and be in a call that runs. */
const FORMER_SECRETS = 16

/**
 * Between what OAuth keeps of one integration and its rows. Each record is one sealed row of JSON, so that a grant is
 * never half of one sign-in and half of another.
 */
export class SealedOAuth {
  readonly #owner: Owner
  readonly #vault: Vault
  readonly #redactor: Redactor
  /** What was unsealed, as long as the rows are those. */
  #read: { rows: readonly SealedRow[]; records: OAuthRecords } | undefined
  /** Newest last. */
  #secrets: string[] = []

  constructor(owner: Owner, vault: Vault, redactor: Redactor) {
    this.#owner = owner
    this.#vault = vault
    this.#redactor = redactor
  }

  /** Throws `vault_locked`, or when a row was changed outside. */
  read(rows: readonly SealedRow[]): OAuthRecords {
    if (rows.length > 0 && this.#vault.isOpen && this.#read?.rows === rows) return this.#read.records
    const records: OAuthRecords = {}
    for (const key of KEYS) {
      const row = rows.find(({ field }) => field === FIELDS[key])
      if (row === undefined) continue
      const text = this.#vault.unseal(this.#placeOf(row), row, (json) => this.#note(JSON.parse(json)))
      // Sound: only `seal` writes these rows, and what was changed outside does not open.
      Object.assign(records, { [key]: JSON.parse(text) as unknown })
    }
    this.#read = { rows, records }
    return records
  }

  /** The fields that change, and their rows. The vault has to be open, and stay as it is until they are stored. */
  seal(changes: RecordChanges): { fields: OAuthField[]; rows: SealedRow[] } {
    const changed = KEYS.filter((key) => changes[key] !== undefined)
    const rows = changed.flatMap((key) => {
      const record = changes[key]
      if (record === null || record === undefined) return []
      const row = { id: randomUUID(), ownerId: this.#owner.id, field: FIELDS[key] }
      return [{ ...row, ...this.#vault.seal(this.#placeOf(row), JSON.stringify(record), this.#note(record)) }]
    })
    return { fields: changed.map((key) => FIELDS[key]), rows }
  }

  /** The secrets in a record. Those that were replaced long ago are let go of: tokens come by the hour, for years. */
  #note(record: unknown): string[] {
    const found = secretsIn(record)
    this.#secrets = [...this.#secrets.filter((secret) => !found.includes(secret)), ...found]
    const { length } = this.#secrets
    for (const former of this.#secrets.splice(0, Math.max(0, length - FORMER_SECRETS))) this.#redactor.forget(former)
    return found
  }

  #placeOf({ id, ownerId, field }: Pick<SealedRow, 'id' | 'ownerId' | 'field'>) {
    return { workspace: this.#owner.workspace, ownerId, field, rowId: id }
  }
}

function secretsIn(record: unknown): string[] {
  const members = Object.entries(record as Record<string, unknown>)
  return members.flatMap(([key, value]) => {
    if (typeof value !== 'string') return key === 'client' ? secretsIn(value) : []
    return OWN.has(key) || (GIVEN.has(key) && isMaskable(value)) ? [value] : []
  })
}
