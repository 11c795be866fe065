import type { AsyncEntry } from '@napi-rs/keyring'

/**
 * Where the vault's key lives: macOS Keychain, Windows Credential Manager, or the Secret Service of a Linux desktop.
 * Windows allows 2,560 bytes an entry, so one key goes there and nothing else.
 */
export interface Keychain {
  /** Undefined: there is no such entry. Throws when the keychain can't be read, for example when there is none. */
  read(account: string): Promise<string | undefined>
  write(account: string, secret: string): Promise<void>
  delete(account: string): Promise<void>
}

interface SystemKeychainOptions {
  service: string
  /** A locked keychain shows a prompt and waits for its person; nobody may be there. */
  timeoutMs: number
}

export class SystemKeychain implements Keychain {
  readonly #options: SystemKeychainOptions

  constructor(options: SystemKeychainOptions) {
    this.#options = options
  }

  async read(account: string): Promise<string | undefined> {
    return (await this.#within((entry, signal) => entry.getPassword(signal), account)) ?? undefined
  }

  async write(account: string, secret: string): Promise<void> {
    await this.#within((entry, signal) => entry.setPassword(secret, signal), account)
  }

  async delete(account: string): Promise<void> {
    await this.#within((entry, signal) => entry.deleteCredential(signal), account)
  }

  async #within<Result>(use: (entry: AsyncEntry, signal: AbortSignal) => Promise<Result>, account: string) {
    // Loaded when it is first needed: where its binary is missing, everything that needs no keychain still works.
    const keyring = await import('@napi-rs/keyring')
    // Without the pin a Linux machine without Secret Service answers "no entry" instead of an error, or falls back to
    // the kernel's keyring, which forgets at a reboot.
    const entry = new keyring.AsyncEntry(this.#options.service, account, { linux: { store: 'secret-service' } })
    const signal = AbortSignal.timeout(this.#options.timeoutMs)
    // The binding's own reaction to the signal can come late while a prompt is open.
    const timedOut = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error(`The keychain did not answer within ${this.#options.timeoutMs / 1000} s.`))
      })
    })
    return await Promise.race([use(entry, signal), timedOut])
  }
}
