/**
 * Threats: a copied or edited database file, a lost key, a key silently replaced. Every secret is sealed with a data key
 * and bound to the place where it belongs; the data key is wrapped by a key that is not in the database. Where sealed
 * rows exist and their key does not, the vault is locked: it makes no new key over them and writes nothing.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Redactor } from '../base/redact.ts'
import type { VaultState } from '../../shared/contract/vault.ts'
import { KeyEncryptionKeys, type Condition, type VaultSettings } from './key-encryption-keys.ts'
import { readKeyRecord, unwrapKey, writeKeyRecord, type KeyRecord } from './key-record.ts'
import type { Keychain } from './keychain.ts'
import { KEY_BYTES, openBox, sealBox, type SealedBox } from './sealed-box.ts'

const META_KEY = 'vault'

/** Where a secret belongs. A sealed row that is moved anywhere else does not open. */
export interface SecretOwner {
  workspace: string
  integrationId: string
  field: string
  rowId: string
}

interface VaultOptions {
  settings: VaultSettings
  keychain: Keychain
  meta: {
    get(key: string): Promise<string | undefined>
    replace(key: string, seen: string | undefined, value: string): Promise<boolean>
  }
  secrets: { countSealed(): Promise<number> }
  emitter: Emitter
  redactor: Redactor
}

export class Vault {
  readonly #options: VaultOptions
  readonly #keys: KeyEncryptionKeys
  /** Opening, unlocking and making a key exclude each other. */
  readonly #queue = new KeyedQueue()
  readonly #openedListeners: (() => void)[] = []
  #key: { id: string; dek: Buffer } | undefined
  #condition: Condition
  #sealedCount = 0
  /** Whether the key was looked for: until then a question for the state must not wait for a keychain's prompt. */
  #looked = false

  constructor(options: VaultOptions) {
    this.#options = options
    this.#keys = new KeyEncryptionKeys(options.settings, options.keychain)
    const { backend } = options.settings
    this.#condition = { state: 'locked', backend, reason: 'The vault is being opened.' }
  }

  get isOpen(): boolean {
    return this.#key !== undefined
  }

  /** Called each time the vault goes from not open to open, after which secrets can be unsealed. */
  whenOpened(listener: () => void): void {
    this.#openedListeners.push(listener)
  }

  /** Reads the key where there is one. Never makes one, and never throws because it is missing: see `state`. */
  async open(): Promise<void> {
    await this.#queue.run(META_KEY, async () => {
      await this.#evaluate()
    })
  }

  async state(): Promise<VaultState> {
    this.#sealedCount = await this.#options.secrets.countSealed()
    // The last row that the lost key had sealed may be gone by now: then nothing is locked away any more.
    if (this.#looked && this.#condition.state === 'locked' && this.#sealedCount === 0) await this.open()
    return { ...this.#condition, sealed_count: this.#sealedCount }
  }

  /**
   * Tries again: the keychain, or the passphrase given. Where nothing is sealed yet, the passphrase becomes the key of
   * this vault from now on. Throws `invalid_input` when the passphrase is wrong.
   */
  async unlock(passphrase?: string): Promise<VaultState> {
    await this.#queue.run(META_KEY, async () => {
      const { state, backend } = await this.#evaluate(passphrase)
      if (state === 'ready' || passphrase === undefined) return
      if (state === 'locked') throw backend === 'passphrase' ? wrongPassphrase() : this.#locked()
      if (this.#options.settings.backend === 'key') {
        throw new AppError('invalid_input', { message: 'This vault takes its key from GATEHOUSE_VAULT_KEY.' })
      }
      await this.#makeKey(passphrase)
    })
    return await this.state()
  }

  /** Makes sure that `seal` can be used: makes the key when the first secret comes. Throws `vault_locked` with the reason. */
  async ensureKey(): Promise<void> {
    if (this.isOpen) return
    await this.#queue.run(META_KEY, async () => {
      const { state } = await this.#evaluate()
      if (state === 'ready') return
      if (state !== 'empty') throw this.#locked()
      await this.#makeKey()
    })
  }

  seal(owner: SecretOwner, plaintext: string): SealedBox & { keyId: string } {
    if (this.#key === undefined) throw this.#locked()
    this.#options.redactor.register(plaintext)
    return { keyId: this.#key.id, ...sealBox(this.#key.dek, contextOf(owner), Buffer.from(plaintext)) }
  }

  unseal(owner: SecretOwner, sealed: SealedBox & { keyId: string }): string {
    if (this.#key === undefined) throw this.#locked()
    try {
      if (sealed.keyId !== this.#key.id) throw new Error('It was sealed with another key.')
      const bytes = openBox(this.#key.dek, contextOf(owner), sealed)
      const plaintext = bytes.toString()
      bytes.fill(0)
      this.#options.redactor.register(plaintext)
      return plaintext
    } catch (cause) {
      throw new AppError('internal', {
        message: `The stored secret ${owner.field} can't be read: it was changed outside Gatehouse. Enter it again.`,
        cause,
      })
    }
  }

  close(): void {
    this.#key?.dek.fill(0)
    this.#key = undefined
  }

  async #evaluate(passphrase?: string): Promise<Condition> {
    if (this.#key !== undefined) return this.#condition
    const { meta, secrets, settings } = this.#options
    const text = await meta.get(META_KEY)
    this.#sealedCount = await secrets.countSealed()
    const record = text === undefined ? undefined : readKeyRecord(text)
    if (record === undefined) {
      if (this.#sealedCount === 0) return this.#enter(await this.#keys.beforeFirst())
      const what = text === undefined ? 'is missing from' : 'is damaged in'
      const reason = `The record of its key ${what} the database. Put a backup of the database in its place.`
      return this.#enter({ state: 'locked', backend: settings.backend, reason })
    }
    const { kek, reason } = await this.#keys.find(record, passphrase)
    const dek = kek && unwrapKey(record, kek)
    kek?.fill(0)
    if (dek !== undefined) return this.#opened(record, dek)
    if (this.#sealedCount === 0) return this.#enter(await this.#keys.beforeFirst())
    return this.#enter({ state: 'locked', backend: record.backend, reason })
  }

  async #makeKey(passphrase?: string): Promise<void> {
    const { meta } = this.#options
    const seen = await meta.get(META_KEY)
    const key_id = randomUUID()
    const { backend, kek, salt } = await this.#keys.make(key_id, passphrase)
    const dek = randomBytes(KEY_BYTES)
    const text = writeKeyRecord({ backend, key_id, salt }, kek, dek)
    kek.fill(0)
    // Whoever writes the record first has made the key; the other one uses that.
    if (await meta.replace(META_KEY, seen, text)) {
      this.#opened({ backend, key_id }, dek)
      return
    }
    await this.#keys.discard(backend, key_id)
    const { state } = await this.#evaluate(passphrase)
    if (state !== 'ready') throw this.#locked()
  }

  #opened({ backend, key_id }: Pick<KeyRecord, 'backend' | 'key_id'>, dek: Buffer): Condition {
    this.#key = { id: key_id, dek }
    const condition = this.#enter({ state: 'ready', backend, reason: null })
    for (const listener of this.#openedListeners) listener()
    return condition
  }

  #enter(condition: Condition): Condition {
    const { state, reason } = this.#condition
    this.#condition = condition
    this.#looked = true
    if (state !== condition.state || reason !== condition.reason) {
      const vault = { ...condition, sealed_count: this.#sealedCount }
      this.#options.emitter.emitToAll({ type: 'vault_changed', vault })
    }
    return condition
  }

  #locked(): AppError {
    const { state, reason } = this.#condition
    const what = state === 'unavailable' ? 'Secrets can not be stored yet.' : 'The vault is locked.'
    return new AppError('vault_locked', { message: reason === null ? what : `${what} ${reason}` })
  }
}

function contextOf({ workspace, integrationId, field, rowId }: SecretOwner): string {
  return `v1|${workspace}|${integrationId}|${field}|${rowId}`
}

function wrongPassphrase(): AppError {
  const message = 'This passphrase is wrong.'
  return new AppError('invalid_input', { message, details: [{ path: 'passphrase', message }] })
}
