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
import type { SealedRow } from '../store/integrations-store.ts'
import type { VaultState } from '../../shared/contract/vault.ts'
import { KeyEncryptionKeys, type Condition, type VaultSettings } from './key-encryption-keys.ts'
import { readKeyRecord, unwrapKey, writeKeyRecord, type KeyRecord } from './key-record.ts'
import type { Keychain } from './keychain.ts'
import { KEY_BYTES, openBox, sealBox, type SealedBox } from './sealed-box.ts'
import { contextOf, resealed, type SecretOwner, type VaultKey } from './secret-owner.ts'

const META_KEY = 'vault'

interface VaultOptions {
  settings: VaultSettings
  keychain: Keychain
  meta: {
    get(key: string): Promise<string | undefined>
    replace(key: string, seen: string | undefined, value: string): Promise<boolean>
  }
  secrets: {
    countSealed(): Promise<number>
    resealAll(
      reseal: (row: SealedRow & { workspace: string }) => SealedRow,
      key: { name: string; seen: string; value: string },
    ): Promise<SealedRow[] | undefined>
    eraseSecrets(keyName: string): Promise<void>
  }
  emitter: Emitter
  redactor: Redactor
}

export class Vault {
  readonly #options: VaultOptions
  readonly #keys: KeyEncryptionKeys
  /** Opening, unlocking and making a key exclude each other. */
  readonly #queue = new KeyedQueue()
  readonly #openedListeners: (() => void)[] = []
  readonly #replacedListeners: ((rows: readonly SealedRow[]) => void)[] = []
  #key: VaultKey | undefined
  #condition: Condition
  #sealedCount = 0
  /** Whether the key was looked for: until then a question for the state must not wait for a keychain's prompt. */
  #looked = false
  /** The admin locked it: it stays so until the admin unlocks it, though its key could be had. */
  #lockedByAdmin = false

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

  /** Called in the moment in which all sealed rows are other ones: sealed with a new key, or none any more. */
  whenReplaced(listener: (rows: readonly SealedRow[]) => void): void {
    this.#replacedListeners.push(listener)
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
      this.#lockedByAdmin = false
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

  /** Forgets the key until `unlock`. */
  async lock(): Promise<VaultState> {
    await this.#queue.run(META_KEY, async () => {
      const { backend } = this.#condition
      // A vault without a secret in it has nothing to lock.
      if (this.#key === undefined || (await this.#options.secrets.countSealed()) === 0) return
      this.close()
      this.#lockedByAdmin = true
      this.#enter({ state: 'locked', backend, reason: 'An admin locked it. Unlock it to use its secrets.' })
    })
    return await this.state()
  }

  /**
   * Seals every secret with a new data key, in one transaction, and wraps that with a new key of its own: in the same
   * place, or in the one that is given. The former keys are worth nothing afterwards. Throws `vault_locked` when it is
   * not open, and `invalid_input` when a passphrase is needed.
   */
  async rotate(to: { backend?: 'keychain' | 'passphrase' | undefined; passphrase?: string | undefined } = {}) {
    await this.#queue.run(META_KEY, async () => {
      const { meta, secrets } = this.#options
      const former = this.#key
      const seen = await meta.get(META_KEY)
      if (this.#condition.state === 'empty') return
      if (former === undefined || seen === undefined) throw this.#locked()
      const key_id = randomUUID()
      const { backend, kek, salt } = await this.#keys.replace(this.#condition.backend, key_id, to)
      const key = { id: key_id, dek: randomBytes(KEY_BYTES) }
      const value = writeKeyRecord({ backend, key_id, salt }, kek, key.dek)
      kek.fill(0)
      const rows = await secrets
        .resealAll((row) => resealed(row, former, key), { name: META_KEY, seen, value })
        .catch(async (error: unknown) => {
          await this.#keys.discard(backend, key_id)
          throw error
        })
      if (rows === undefined) throw new AppError('internal', { message: 'The vault was changed by someone else.' })
      const record = readKeyRecord(seen)
      if (record !== undefined) await this.#keys.discard(record.backend, record.key_id).catch(() => undefined)
      this.#key = key
      former.dek.fill(0)
      this.#enter({ state: 'ready', backend, reason: null })
      for (const listener of this.#replacedListeners) listener(rows)
    })
    return await this.state()
  }

  /** Deletes every secret and the key: for a key that is lost. Nothing else is touched. */
  async reset(): Promise<VaultState> {
    await this.#queue.run(META_KEY, async () => {
      const { meta, secrets } = this.#options
      const seen = await meta.get(META_KEY)
      const record = seen === undefined ? undefined : readKeyRecord(seen)
      await secrets.eraseSecrets(META_KEY)
      if (record !== undefined) await this.#keys.discard(record.backend, record.key_id).catch(() => undefined)
      this.close()
      this.#lockedByAdmin = false
      for (const listener of this.#replacedListeners) listener([])
      await this.#evaluate()
    })
    return await this.state()
  }

  /** Runs what seals and stores: no other key comes between the two. */
  async holdKey<Result>(work: () => Promise<Result>): Promise<Result> {
    return await this.#queue.run(META_KEY, work)
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

  /** `secrets`: what of it no log may show, where it is not a secret as a whole. */
  seal(owner: SecretOwner, plaintext: string, secrets: readonly string[] = [plaintext]): SealedBox & { keyId: string } {
    if (this.#key === undefined) throw this.#locked()
    for (const secret of secrets) this.#options.redactor.register(secret)
    return { keyId: this.#key.id, ...sealBox(this.#key.dek, contextOf(owner), Buffer.from(plaintext)) }
  }

  /** `secretsOf`: as with `seal`. */
  unseal(
    owner: SecretOwner,
    sealed: SealedBox & { keyId: string },
    secretsOf: (plaintext: string) => readonly string[] = (plaintext) => [plaintext],
  ): string {
    if (this.#key === undefined) throw this.#locked()
    try {
      if (sealed.keyId !== this.#key.id) throw new Error('It was sealed with another key.')
      const bytes = openBox(this.#key.dek, contextOf(owner), sealed)
      const plaintext = bytes.toString()
      bytes.fill(0)
      for (const secret of secretsOf(plaintext)) this.#options.redactor.register(secret)
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
    if (this.#key !== undefined || this.#lockedByAdmin) return this.#condition
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
    const { state, backend, reason } = this.#condition
    this.#condition = condition
    this.#looked = true
    if (state !== condition.state || backend !== condition.backend || reason !== condition.reason) {
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

function wrongPassphrase(): AppError {
  const message = 'This passphrase is wrong.'
  return new AppError('invalid_input', { message, details: [{ path: 'passphrase', message }] })
}
