import { randomBytes } from 'node:crypto'
import type { VaultState } from '../../shared/contract/vault.ts'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { KeyRecord } from './key-record.ts'
import type { Keychain } from './keychain.ts'
import { deriveKey, SALT_BYTES } from './passphrase.ts'
import { KEY_BYTES } from './sealed-box.ts'

/** Where the key that wraps the data key comes from (GATEHOUSE_VAULT). */
export type VaultSettings =
  { backend: 'keychain' } | { backend: 'passphrase'; passphrase?: string | undefined } | { backend: 'key'; key: Buffer }

export type Condition = Omit<VaultState, 'sealed_count'>

interface NewKey {
  backend: KeyRecord['backend']
  kek: Buffer
  salt: Buffer | null
}

/** Finds and makes key-encryption keys. Knows the three places where they live, and nothing of what they wrap. */
export class KeyEncryptionKeys {
  readonly #settings: VaultSettings
  readonly #keychain: Keychain

  constructor(settings: VaultSettings, keychain: Keychain) {
    this.#settings = settings
    this.#keychain = keychain
  }

  /** The key of an existing vault as far as it can be had, and why it does not open the vault if it doesn't. */
  async find(record: KeyRecord, passphrase: string | undefined): Promise<{ kek?: Buffer; reason: string }> {
    const settings = this.#settings
    switch (record.backend) {
      case 'key':
        if (settings.backend !== 'key') return { reason: 'Its key is the one in GATEHOUSE_VAULT_KEY: start with it.' }
        return { kek: Buffer.from(settings.key), reason: 'GATEHOUSE_VAULT_KEY is not the key it was made with.' }
      case 'passphrase': {
        const given = passphrase ?? (settings.backend === 'passphrase' ? settings.passphrase : undefined)
        if (given === undefined || record.salt === null) return { reason: 'Enter its passphrase.' }
        return { kek: await deriveKey(given, record.salt), reason: 'The passphrase is wrong.' }
      }
      case 'keychain':
        try {
          const secret = await this.#keychain.read(record.key_id)
          if (secret === undefined) return { reason: `Its key (${record.key_id}) is missing from the keychain.` }
          return { kek: decode(secret), reason: 'The key in the keychain is not the one it was made with.' }
        } catch (error) {
          return { reason: `The keychain can't be read: ${messageOf(error)}` }
        }
    }
  }

  /** What a vault without any sealed row can do. */
  async beforeFirst(): Promise<Condition> {
    const settings = this.#settings
    const { backend } = settings
    if (settings.backend === 'passphrase' && settings.passphrase === undefined) {
      return { state: 'unavailable', backend, reason: 'Choose a passphrase to store secrets.' }
    }
    if (backend === 'keychain') {
      try {
        // Only an attempt tells whether there is a keychain: a missing entry is an answer, a missing keychain an error.
        await this.#keychain.read('availability')
      } catch (error) {
        const reason = `No keychain can be used (${messageOf(error)}). Choose a passphrase, or start with GATEHOUSE_VAULT=passphrase or GATEHOUSE_VAULT=key.`
        return { state: 'unavailable', backend, reason }
      }
    }
    return { state: 'empty', backend, reason: null }
  }

  /** A new key, kept where it belongs. `passphrase` chooses that backend whatever the settings say. */
  async make(keyId: string, passphrase?: string): Promise<NewKey> {
    const settings: VaultSettings = passphrase === undefined ? this.#settings : { backend: 'passphrase', passphrase }
    switch (settings.backend) {
      case 'key':
        return { backend: 'key', kek: Buffer.from(settings.key), salt: null }
      case 'passphrase': {
        if (settings.passphrase === undefined)
          throw new AppError('vault_locked', { message: 'Choose a passphrase first.' })
        const salt = randomBytes(SALT_BYTES)
        return { backend: 'passphrase', kek: await deriveKey(settings.passphrase, salt), salt }
      }
      case 'keychain':
        return await this.#makeInKeychain(keyId)
    }
  }

  /** A new key in place of one of `current`, in the same place unless another is given. */
  async replace(
    current: KeyRecord['backend'],
    keyId: string,
    { backend = current, passphrase }: { backend?: KeyRecord['backend'] | undefined; passphrase?: string | undefined },
  ): Promise<NewKey> {
    if (current === 'key') {
      if (backend === 'key' && passphrase === undefined) return await this.make(keyId)
      throw new AppError('invalid_input', { message: 'This vault takes its key from GATEHOUSE_VAULT_KEY.' })
    }
    if (backend === 'keychain') {
      if (passphrase === undefined) return await this.#makeInKeychain(keyId)
      throw refusal('passphrase', 'A passphrase goes with the backend "passphrase".')
    }
    if (passphrase === undefined) throw refusal('passphrase', 'Enter the passphrase that is to open the vault.')
    return await this.make(keyId, passphrase)
  }

  /** Takes back a key that was made and not used. */
  async discard(backend: KeyRecord['backend'], keyId: string): Promise<void> {
    if (backend === 'keychain') await this.#keychain.delete(keyId)
  }

  async #makeInKeychain(keyId: string): Promise<NewKey> {
    const kek = randomBytes(KEY_BYTES)
    const secret = kek.toString('base64url')
    await this.#keychain.write(keyId, secret)
    // Nothing may be sealed with a key that the keychain took but does not give back.
    if ((await this.#keychain.read(keyId)) === secret) return { backend: 'keychain', kek, salt: null }
    throw new AppError('vault_locked', { message: 'The keychain did not keep the key. Choose a passphrase instead.' })
  }
}

/** A keychain entry that someone changed may have any length; a key of the wrong length opens nothing. */
function decode(secret: string): Buffer {
  const kek = Buffer.alloc(KEY_BYTES)
  const bytes = Buffer.from(secret, 'base64url')
  if (bytes.length === KEY_BYTES) bytes.copy(kek)
  return kek
}

function refusal(path: string, message: string): AppError {
  return new AppError('invalid_input', { message, details: [{ path, message }] })
}
