import { randomUUID } from 'node:crypto'
import type { ChannelCredentials } from '../../shared/contract/channels.ts'
import type { MaskedCredentials } from '../../shared/contract/integrations.ts'
import type { Logger } from '../base/log.ts'
import { maskFields } from '../integrations/masked-credentials.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { SealedRow } from '../store/sealed-rows.ts'
import type { Vault } from '../vault/vault.ts'

/** Signs beside the new one until it ends; then it is forgotten. */
export const FORMER_SECRET = 'former_signing_secret'
/** Where the integration key of a channel was given for: its setup may be moved to another place. No secret. */
export const KEY_PLACE = 'integration_key_place'
const NOT_SHOWN: ReadonlySet<string> = new Set([FORMER_SECRET, KEY_PLACE])
const FORMER_MS = 24 * 3_600_000

type Owner = Pick<StoredChannel, 'id' | 'workspace' | 'name'>
type Sealer = Pick<Vault, 'isOpen' | 'ensureKey' | 'holdKey' | 'seal' | 'unseal'>

/** Between the secrets of a channel and its rows: what goes in is sealed, what comes out is sent or masked. */
export class ChannelSecrets {
  readonly #vault: Sealer
  readonly #log: Pick<Logger, 'warn'>
  readonly #now: () => number

  constructor(vault: Sealer, log: Pick<Logger, 'warn'>, now: () => number = Date.now) {
    this.#vault = vault
    this.#log = log
    this.#now = now
  }

  get isOpen(): boolean {
    return this.#vault.isOpen
  }

  /** Seals and hands the rows to `store`; no other key of the vault comes in between. Throws `vault_locked`. */
  async store(
    owner: Owner,
    fields: ReadonlyMap<string, string>,
    store: (rows: SealedRow[]) => Promise<void>,
  ): Promise<void> {
    if (fields.size > 0) await this.#vault.ensureKey()
    await this.#vault.holdKey(() =>
      store(
        [...fields].map(([field, plaintext]) => {
          const row = { id: randomUUID(), ownerId: owner.id, field }
          const secrets = field === KEY_PLACE ? [] : [plaintext]
          return { ...row, ...this.#vault.seal(placeOf(owner, row), plaintext, secrets) }
        }),
      ),
    )
  }

  /** Throws `vault_locked`, or when a row was changed. */
  read({ secrets, ...owner }: StoredChannel, field: string): string | undefined {
    const row = secrets.find((secret) => secret.field === field)
    if (row === undefined) return undefined
    if (field === KEY_PLACE) return this.#vault.unseal(placeOf(owner, row), row, () => [])
    if (field !== FORMER_SECRET) return this.#vault.unseal(placeOf(owner, row), row)
    const { secret, endsMs } = this.#former(owner, row)
    return this.#now() < endsMs ? secret : undefined
  }

  /** When the former signing secret ends; undefined: there is none. Throws like `read`. */
  formerEndsMs({ secrets, ...owner }: StoredChannel): number | undefined {
    const row = secrets.find(({ field }) => field === FORMER_SECRET)
    return row && this.#former(owner, row).endsMs
  }

  /** All that an admin gave. Throws like `read`. */
  readAll(channel: StoredChannel): Map<string, string> {
    const given = channel.secrets.filter(({ field }) => field !== FORMER_SECRET)
    return new Map(given.map(({ field }) => [field, this.read(channel, field) ?? '']))
  }

  /** What `FORMER_SECRET` is stored as. */
  former(secret: string): string {
    return `${this.#now() + FORMER_MS}:${secret}`
  }

  mask(channel: StoredChannel): MaskedCredentials {
    const shown = channel.secrets.filter(({ field }) => !NOT_SHOWN.has(field))
    return maskFields(new Map(shown.map(({ field }) => [field, this.#readable(channel, field)])))
  }

  #former(owner: Owner, row: SealedRow): { secret: string; endsMs: number } {
    return formerOf(this.#vault.unseal(placeOf(owner, row), row, (text) => [formerOf(text).secret]))
  }

  /** A damaged row costs its own channel the delivery, but never the list of all of them. */
  #readable(channel: StoredChannel, field: string): string | undefined {
    if (!this.#vault.isOpen) return undefined
    try {
      return this.read(channel, field)
    } catch (error) {
      this.#log.warn({ error, channel: channel.name, field }, 'stored secret can not be read')
      return undefined
    }
  }
}

/** One entry for each secret that was given, by its place. */
export function secretFieldsOf({ headers, ...single }: ChannelCredentials): Map<string, string> {
  const fields = new Map<string, string>()
  for (const [field, value] of Object.entries(single)) if (value !== undefined) fields.set(field, value)
  for (const [name, value] of Object.entries(headers ?? {})) fields.set(`headers.${name}`, value)
  return fields
}

export function secretHeadersOf(fields: Iterable<string>): string[] {
  return [...fields].filter((field) => field.startsWith('headers.')).map((field) => field.slice('headers.'.length))
}

function formerOf(text: string): { secret: string; endsMs: number } {
  const colon = text.indexOf(':')
  return { secret: text.slice(colon + 1), endsMs: Number(text.slice(0, colon)) }
}

function placeOf({ workspace }: Owner, { id, ownerId, field }: Pick<SealedRow, 'id' | 'ownerId' | 'field'>) {
  return { workspace, ownerId, field, rowId: id }
}
